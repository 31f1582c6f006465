"""The same form as a good ordinary developer builds it from the documentation: the peer that signing is held against.

Flask, Flask-SQLAlchemy with models and relationships and its default pool, Flask-WTF with the select of all
countries, Flask-Limiter in memory, Werkzeug's ProxyFix, WAL and `synchronous=FULL` by a connect event; the same
gunicorn serves it.

It does: the fields of our form and their rules (required answers by who signs, lengths, characters that cannot be
seen, an address that can be one, a known country, a network's number); limits by network and by address; the same form
sent twice is one signature; a signature already there is told by mail only; seven rows a signature - organisation,
endorsement, entry, signer, link, mail (text and HTML made from templates), audit - in one transaction by the ORM.

It does not: other languages than English, translations of the letter, a check page, sifting of floods, a sealed chain
of audit rows, fonts that can print a name, look-alike letters, roles and rights, headers of protection, waking of
workers. All of that it is spared, which makes it faster.
"""
