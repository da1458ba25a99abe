"""Links names of bodies and places to Wikidata: precision first, every decision explained.

`names` takes a printed name apart, `wikidata` asks the endpoint (cached, bounded, polite),
`gazetteer` holds the places of one country, `matching` and `french` decide, `linker` goes through a
list of names. `decisions` is what they all hand on; nothing here publishes anything.
"""
