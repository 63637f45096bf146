"""One file a page or resource."""
