"""What another agency did, returned: its file read, looked at against what stands here, and entered as outcomes."""
