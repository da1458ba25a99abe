"""Turns what the engine answers into bytes of any format, written as they are made.

`formats` says which there are, `writing.write` is the only function that writes, `coding` may
stand between it and where the bytes go.
"""
