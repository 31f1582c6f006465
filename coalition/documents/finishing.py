"""What WeasyPrint leaves undone for PDF/A-3a and PDF/UA-1 in one file, mended before the file is written.

Works on the finished object tree (pydyf), in the typesetter's process only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pydyf

from coalition import fonts

PRODUCER = "coalition"

_UA_MARK = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that this file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def prepare() -> None:
    """Read what of the fonts never changes, once for all documents to come."""
    for face in fonts.FACES:
        fonts.brackets(face.in_pdf)
        fonts.arabic_letters(face.in_pdf)


def finish(document: object, pdf: pydyf.PDF) -> None:
    """Mend metadata, attachments and page furniture of a finished PDF, in place."""
    _name_producer(pdf)
    _mark_as_ua(pdf)
    _list_attachments_once(pdf)
    _turn_margins_into_artifacts(pdf)
    _place_figures(pdf)
    _mend_fonts(pdf)


def _name_producer(pdf: pydyf.PDF) -> None:
    # The library's version would change the bytes of an old edition without changing a single page.
    pdf.info["Producer"] = pydyf.String(PRODUCER)


def _mark_as_ua(pdf: pydyf.PDF) -> None:
    metadata = _object(pdf, pdf.catalog["Metadata"])
    xmp = b"".join(_bytes(piece) for piece in metadata.stream)
    xmp = re.sub(rb'(pdf:Producer=")[^"]*(")', rb"\g<1>" + PRODUCER.encode() + rb"\g<2>", xmp)
    metadata.stream = [xmp.replace(b"</rdf:RDF>", _UA_MARK + b"</rdf:RDF>", 1)]
    # Archives read metadata without unpacking the file.
    metadata.compress = False


def _list_attachments_once(pdf: pydyf.PDF) -> None:
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(_bytes(item) for item in pdf.catalog["AF"]))


def _turn_margins_into_artifacts(pdf: pydyf.PDF) -> None:
    """Running heads and feet are tagged as content that no structure holds: they are furniture, say so."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    held = _held_by(pdf, _number(root["K"][0]))
    numbers = _object(pdf, root["ParentTree"])["Nums"]
    owners_by_page = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for reference in pdf.page_references:
        page = _object(pdf, reference)
        owners = owners_by_page[page["StructParents"]]
        strays = {mark for mark, owner in enumerate(owners) if _number(owner) not in held}
        _rename_marks(_object(pdf, page["Contents"]).stream, strays)
        for mark in strays:
            owners[mark] = "null"
    for item in pdf.objects:
        is_element = isinstance(item, pydyf.Dictionary) and item.get("Type") == "/StructElem"
        if is_element and item.number not in held:
            item.free = "f"


def _held_by(pdf: pydyf.PDF, number: int) -> set[int]:
    """The numbers of all objects in the structure below and including `number`."""
    held: set[int] = set()
    waiting = [number]
    while waiting:
        number = waiting.pop()
        held.add(number)
        # Whole numbers among the kids are marks in the page, not objects.
        waiting.extend(_number(kid) for kid in pdf.objects[number].get("K", ()) if not isinstance(kid, int))
    return held


def _rename_marks(operations: list[Any], strays: set[int]) -> None:
    for index, operation in enumerate(operations):
        if isinstance(operation, pydyf.Dictionary) and operation.get("MCID") in strays:
            operations[index - 1] = "/Artifact"
            operations[index] = pydyf.Dictionary({"Type": "/Pagination"})


def _place_figures(pdf: pydyf.PDF) -> None:
    """A figure's box is given in pixels from the top of the page; a PDF counts points from its foot."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Dictionary) and item.get("S") == "/Figure":
            left, top, right, bottom = (0.75 * float(edge) for edge in item["A"]["BBox"])
            height = float(_object(pdf, item["Pg"])["MediaBox"][3])
            item["A"]["BBox"] = pydyf.Array((left, height - bottom, right, height - top))


def _mend_fonts(pdf: pydyf.PDF) -> None:
    """Give fonts clean names, and brackets and Arabic letters their own characters.

    A bracket in a right-to-left line is drawn by its mirror image, and the first line that uses a glyph
    decides what the whole file copies and searches for it: after "(x)" in Arabic, all would read ")x(". So it is
    with a letter that bears a vowel sign: one of the two glyphs would stand for both, the other for nothing, which
    no archive format allows.
    """
    for item in pdf.objects:
        if not isinstance(item, pydyf.Dictionary):
            continue
        for key in ("BaseFont", "FontName"):
            if key in item:
                item[key] = _bytes(item[key]).rstrip(b",")
        if "ToUnicode" in item:
            name = _bytes(item["BaseFont"]).decode("ascii").partition("+")[2]
            _remap(_object(pdf, item["ToUnicode"]).stream, fonts.brackets(name), fonts.arabic_letters(name))


def _remap(lines: list[Any], brackets: Mapping[int, str], letters: Mapping[int, str]) -> None:
    for index, line in enumerate(lines):
        match = re.fullmatch(rb"<([0-9a-f]{4})> <([0-9a-f]*)>", _bytes(line))
        if not match:
            continue
        glyph, said = int(match[1], 16), match[2]
        text = brackets.get(glyph) if len(said) == 4 else None
        # A glyph that draws one letter never says more; what nothing is known of stands for an invisible character.
        if text is None and (not said or len(letters.get(glyph, "")) == 1):
            text = letters.get(glyph, "\u200b")
        if text:
            lines[index] = b"<%s> <%s>" % (match[1], text.encode("utf-16-be").hex().encode())


def _object(pdf: pydyf.PDF, reference: object) -> Any:
    return pdf.objects[_number(reference)]


def _number(reference: object) -> int:
    return int(_bytes(reference).split()[0])


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
