"""What the pages about data show and take in: uploads, jobs, runs and questions."""
