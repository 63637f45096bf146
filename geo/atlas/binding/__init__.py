"""Pages made into one georeferenced PDF, and single sheets cut out of it again."""
