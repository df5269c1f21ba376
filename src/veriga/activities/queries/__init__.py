"""Every read of the heart; each takes the actor first."""
