"""Rules about one token: a word, an address, a name, a text that is not written as it should be."""

from __future__ import annotations

from difflib import get_close_matches

from coopdec_graph.graph.syntax_fault import Fault, filled
from coopdec_graph.graph.syntax_words import FUNCTIONS, HIDDEN, KEYWORDS, QUOTES, SQL, WELL_KNOWN
from coopdec_graph.language import Bilingual

__all__ = [
    "bare_iri",
    "bare_word",
    "beginning",
    "broken_iri",
    "empty",
    "equality",
    "ill_written",
    "misspelt",
    "pasted",
    "prefix",
    "quotation",
    "sql",
]


def empty(fault: Fault) -> Bilingual | None:
    if fault.tokens or fault.token is not None:
        return None
    return Bilingual(
        "La requête est vide. Exemple : SELECT * WHERE { ?s ?p ?o } LIMIT 10",
        "The query is empty. Example: SELECT * WHERE { ?s ?p ?o } LIMIT 10",
    )


def pasted(fault: Fault) -> Bilingual | None:
    """What a word processor puts in place of a quotation mark or a space."""
    first = fault.text[:1]
    if first and first in QUOTES:
        return filled(
            "Ce guillemet (U+{code}) vient d'un traitement de texte : il faut \" ou '.",
            "This quotation mark (U+{code}) comes from a word processor: use \" or '.",
            code=f"{ord(first):04X}",
        )
    if first and first in HIDDEN:
        return filled(
            "Un caractère invisible (U+{code}) se trouve ici : remplacez-le par une espace.",
            "There is an invisible character (U+{code}) here: replace it by a space.",
            code=f"{ord(first):04X}",
        )
    return None


def prefix(fault: Fault) -> Bilingual | None:
    if fault.meaning != "Prefix not found":
        return None
    prefix = fault.text.partition(":")[0]
    if prefix.lower() in ("http", "https", "urn", "mailto"):
        return bare_iri(fault)
    if prefix in WELL_KNOWN:
        return filled(
            "Ajoutez au début : PREFIX {prefix}: <{iri}>",
            "Add at the top: PREFIX {prefix}: <{iri}>",
            prefix=prefix,
            iri=WELL_KNOWN[prefix],
        )
    near = get_close_matches(prefix[:30].lower(), WELL_KNOWN, 1, 0.6)
    if near:
        return filled(
            "Le préfixe « {prefix}: » n'est pas déclaré. Vouliez-vous dire « {near}: » ?",
            "The prefix “{prefix}:” is not declared. Did you mean “{near}:”?",
            prefix=prefix[:30],
            near=near[0],
        )
    return filled(
        "Le préfixe « {prefix}: » n'est pas déclaré : ajoutez PREFIX {prefix}: <…> au début.",
        "The prefix “{prefix}:” is not declared: add PREFIX {prefix}: <…> at the top.",
        prefix=prefix[:30],
    )


def bare_iri(fault: Fault) -> Bilingual | None:
    if not fault.text.lower().startswith(("http:", "https:", "urn:", "mailto:")):
        return None
    return Bilingual(
        "Une adresse s'écrit entre « < » et « > » : <http://…>.",
        "An address is written between “<” and “>”: <http://…>.",
    )


def broken_iri(fault: Fault) -> Bilingual | None:
    opened = fault.text == "<" and fault.after()[:4].lower() in ("http", "urn:")
    if fault.meaning != "IRI parsing failed" and not opened:
        return None
    return Bilingual(
        "Ce qui est entre « < » et « > » n'est pas une IRI : ni espace, ni guillemet, ni accolade.",
        "What stands between “<” and “>” is no IRI: no space, no quotation mark, no brace.",
    )


def quotation(fault: Fault) -> Bilingual | None:
    """A quotation mark that opens no string, or an apostrophe that closed one."""
    before = fault.tokens[fault.number - 1] if 0 < fault.number <= len(fault.tokens) else None
    if before and before.kind == "string" and before.end == fault.offset and fault.kind == "word":
        return Bilingual(
            "L'apostrophe a fermé le texte : entourez-le de \" au lieu de '.",
            "The apostrophe closed the text: put it between \" instead of '.",
        )
    if fault.text not in ('"', "'"):
        return None
    return filled(
        "Le texte qui commence ici n'est pas fermé : il manque {sign} sur la même ligne.",
        "The text that begins here is not closed: {sign} is missing on the same line.",
        sign=fault.text,
    )


def equality(fault: Fault) -> Bilingual | None:
    if fault.text == "=" and fault.before() == "=":
        return Bilingual(
            "L'égalité s'écrit avec un seul « = ».", "Equality is written with one “=”."
        )
    if fault.text == "<>" and fault.before().startswith("?"):
        return Bilingual("« Différent » s'écrit « != ».", "“Not equal” is written “!=”.")
    return None


def ill_written(fault: Fault) -> Bilingual | None:
    """A token whose inside is at fault."""
    if fault.kind == "string" and "\\" in fault.text:
        return Bilingual(
            'Dans un texte, une barre oblique inverse se double : "C:\\\\dossier".',
            'In a text, a backslash is doubled: "C:\\\\folder".',
        )
    if fault.kind == "iri" and ":" not in fault.text:
        return Bilingual(
            "Une adresse relative demande BASE <http://…> au début de la requête.",
            "A relative address needs BASE <http://…> at the top of the query.",
        )
    return None


def bare_word(fault: Fault) -> Bilingual | None:
    if fault.kind != "word" or fault.text.upper() in KEYWORDS or not fault.number:
        return None
    return filled(
        "« {word} » seul ne désigne rien : une variable s'écrit ?{word}, un terme prefixe:{word},"
        ' un texte "{word}".',
        "“{word}” alone means nothing: a variable is written ?{word}, a term prefix:{word}, a text"
        ' "{word}".',
        word=fault.text[:30],
    )


def beginning(fault: Fault) -> Bilingual | None:
    if fault.number:
        return None
    return Bilingual(
        "Une requête commence par SELECT, ASK, CONSTRUCT ou DESCRIBE, après ses PREFIX.",
        "A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after its PREFIX lines.",
    )


def sql(fault: Fault) -> Bilingual | None:
    word = fault.text.upper()
    if fault.kind != "word" or word not in SQL:
        return None
    return filled(
        "« {word} » est du SQL ; en SPARQL : {instead}",
        "“{word}” is SQL; in SPARQL: {instead}",
        word=word,
        instead=SQL[word],
    )


def misspelt(fault: Fault) -> Bilingual | None:
    """A word like a keyword or, before a bracket, like a function."""
    word = fault.text.upper()
    function = fault.after() == "("
    if fault.kind != "word" or len(word) > 20:
        return None
    known = (*FUNCTIONS, *KEYWORDS) if function else KEYWORDS
    near = [] if word in known else get_close_matches(word, known, 1, 0.78)
    if near:
        return filled(
            "Vouliez-vous dire {near} ?", "Did you mean {near}?", near=near[0]
        )  # fmt: skip
    if function and word not in known:
        return filled(
            "Il n'y a pas de fonction « {word} ».",
            "There is no function “{word}”.",
            word=fault.text,
        )
    return None
