"""A resource as other vocabularies see it (W3C, Content Negotiation by Profile)."""
