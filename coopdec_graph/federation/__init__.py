"""SERVICE for the endpoints an administrator listed: asked here, before a query is evaluated.

What evaluates a query has no network. `resolve.resolve_services` therefore asks each listed
endpoint first and writes its answer into the query as inline data.
"""
