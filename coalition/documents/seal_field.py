"""Where a seal stands in a PDF: the revision that carries it, and a field that the document's structure knows.

Written so that neither standard is broken by sealing, and without chance or a clock. Sealing itself is in `seal.py`.
"""

from __future__ import annotations

import hashlib

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

NAME = "Seal"


class Revision(IncrementalPdfFileWriter):  # type: ignore[misc]
    """A revision without chance and without a clock: pyHanko would write a random id and the time of day."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        first, second = (bytes(part.original_bytes) for part in prev.trailer["/ID"])
        revised = hashlib.sha256(b"sealed " + second).digest()[:16]
        return generic.ArrayObject([generic.ByteStringObject(first), generic.ByteStringObject(revised)])

    def _update_meta(self) -> None:
        """Leave the metadata alone: rewriting it would drop what makes the file PDF/A and PDF/UA."""


def place_field(writer: Revision) -> None:
    """An invisible signature field that the structure of the document knows: PDF/UA asks for both."""
    root = writer.root
    page = root["/Pages"]["/Kids"].raw_get(0)
    structure = root["/StructTreeRoot"]
    document = structure["/K"].raw_get(0)
    numbers = structure["/ParentTree"]["/Nums"]
    key = max((int(number) for number in list(numbers)[::2]), default=-1) + 1
    widget = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/FT"): pdf_name("/Sig"),
                pdf_name("/T"): pdf_string(NAME),
                pdf_name("/TU"): pdf_string("Digital seal of this document"),
                pdf_name("/F"): generic.NumberObject(0b1000_0100),  # to be printed, locked
                pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(0)] * 4),
                pdf_name("/P"): page,
                pdf_name("/StructParent"): generic.NumberObject(key),
            }
        )
    )
    element = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/StructElem"),
                pdf_name("/S"): pdf_name("/Form"),
                pdf_name("/P"): document,
                pdf_name("/Pg"): page,
                pdf_name("/K"): generic.ArrayObject(
                    [
                        generic.DictionaryObject(
                            {
                                pdf_name("/Type"): pdf_name("/OBJR"),
                                pdf_name("/Obj"): widget,
                                pdf_name("/Pg"): page,
                            }
                        )
                    ]
                ),
            }
        )
    )
    document.get_object()["/K"].append(element)
    writer.update_container(document.get_object()["/K"])
    numbers.extend([generic.NumberObject(key), element])
    writer.update_container(numbers)
    structure[pdf_name("/ParentTreeNextKey")] = generic.NumberObject(key + 1)
    writer.update_container(structure)
    sheet = page.get_object()
    sheet[pdf_name("/Annots")] = generic.ArrayObject([*sheet.get("/Annots", ()), widget])
    writer.update_container(sheet)
    root[pdf_name("/AcroForm")] = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Fields"): generic.ArrayObject([widget]),
                pdf_name("/SigFlags"): generic.NumberObject(3),
            }
        )
    )
    writer.update_root()
