"""`/reconcile`: other people's names matched with ours, by the Reconciliation Service API 0.2.

The specification is the one of the W3C's Entity Reconciliation Community Group, the protocol that
OpenRefine speaks: https://reconciliation-api.github.io/specs/0.2/. Sections are cited by title, for it
numbers none.
"""
