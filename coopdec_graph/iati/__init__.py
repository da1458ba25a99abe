"""The standard of the International Aid Transparency Initiative (IATI), as data of its own.

Schemas, code lists and rulesets of each version lie in `data/reference/iati/` (docs/reference.md).
"""
