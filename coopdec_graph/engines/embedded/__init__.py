"""The embedded engine: killable worker processes, forked by a zygote that holds the release."""
