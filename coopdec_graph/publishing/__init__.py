"""Releases on disk: built aside, checked, switched to in one step; the previous one stays."""
