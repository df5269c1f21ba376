"""Every read of what insight is made of and of what it found."""
