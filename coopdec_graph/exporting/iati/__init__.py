"""IATI activity files, version 2.03: docs/iati.md has the mapping and what it leaves out.

activities.py    an activity of the graph as an `iati-activity`
organisations.py a body of the graph as an organisation of the standard
money.py         funding lines as budgets and planned disbursements
places.py        countries and places
sectors.py       themes as sectors and tags
checking.py      nothing is written that the standard refuses
writing.py       the file
"""
