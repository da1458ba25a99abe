"""Reads the files of the IATI standard for scripts/make_iati.py."""
