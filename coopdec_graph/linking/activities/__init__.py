"""The same project reported twice: activities of two programmes, or of two reporters, that are one.

    lines ─► ReportedActivity ─► pairs ─► Evidence ─► PairDecision ─► statements.py
     reading.py               pairs.py  evidence.py     rules.py
                                                       groups.py   what people said, what is counted

Precision first: only an identifier that one gives of the other links them without a person.
"""
