"""What the columns of a list are, by their headings in seven languages, else by what stands under them. Pure.

Only what an invitation needs is ever read. A heading that would decide something (a role, a state, an id) names
nothing here, so its column is left aside like any other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from coalition.countries import code_for
from coalition.spreadsheets import Row

#: What a column can be, in the order in which a heading is tried: "website of the organisation" is a website.
KINDS = ("email", "phone", "website", "represents_count", "network", "other_script", "country", "contact_name",
         "notes", "organisation")

#: Headings of forms that ask for leave, or would decide something: never read, whatever else they say.
_DECIDING = """
    role|roles|position|job title|title|function|status|state|id|no|number of row|approved|approval|visibility|tier|
    timestamp|time stamp|date|submitted at|score|agree|consent|permission|authorised|authorized|password|token|
    rôle|fonction|statut|horodateur|роль|должность|статус|отметка времени|cargo|rol|función|estado|marca temporal|
    rolle|stilling|tidsstempel|الدور|المنصب|الصفة|الحالة|طابع زمني|角色|职务|状态|时间戳|时间戳记
"""
_HEADINGS = {
    "email": """
        email|e mail|mail|email address|e mail address|mail address|courriel|adresse courriel|adresse e mail|correo|
        correo electrónico|email адрес|почта|электронная почта|эл почта|электронный адрес|epost|e post|
        e postadresse|epostadresse|البريد الإلكتروني|بريد إلكتروني|البريد|الإيميل|ايميل|电子邮件|邮箱|电邮|电子邮箱""",
    "phone": """
        phone|phone number|telephone|telephone number|tel|mobile|mobile number|cell|whatsapp|téléphone|numéro de
        téléphone|portable|teléfono|móvil|celular|телефон|номер телефона|мобильный|telefon|telefonnummer|mobil|
        الهاتف|رقم الهاتف|هاتف|الجوال|الموبايل|واتساب|电话|电话号码|手机|手机号码|联系电话""",
    "website": """
        website|web site|web|site|url|homepage|web page|web address|site web|site internet|sitio web|página web|сайт|
        веб сайт|вебсайт|nettsted|nettside|hjemmeside|الموقع الإلكتروني|الموقع|موقع الويب|网站|网址|主页""",
    "represents_count": """
        number|number of members|number of member organisations|number of member organizations|members|
        member organisations|member organizations|how many organisations|how many organizations|how many members|
        stands for|nombre de membres|nombre d organisations|organisations membres|número de miembros|
        número de organizaciones|organizaciones miembros|число членов|количество членов|число организаций|
        количество организаций|antall medlemmer|antall organisasjoner|medlemsorganisasjoner|عدد الأعضاء|
        عدد المنظمات|المنظمات الأعضاء|成员数|成员数量|成员组织|组织数量|会员数""",
    "network": """
        network|is a network|network or single|umbrella|umbrella organisation|kind|kind of organisation|
        type of organisation|type of organization|type|réseau|type d organisation|red|tipo de organización|tipo|сеть|
        тип организации|тип|nettverk|type organisasjon|شبكة|نوع المنظمة|النوع|网络|组织类型|类型""",
    "other_script": """
        other script|name in another script|name in other script|other name|native name|name in arabic|arabic name|
        name in english|english name|name in russian|russian name|name in chinese|chinese name|local name|
        name in the original language|nom dans une autre écriture|nom en arabe|nom en anglais|nombre en otra escritura|
        nombre en árabe|nombre en inglés|название на другом языке|название на английском|название на арабском|
        navn med annen skrift|navn på arabisk|navn på engelsk|الاسم بالإنجليزية|الاسم بالعربية|الاسم بلغة أخرى|
        اسم المنظمة بالإنجليزية|اسم المنظمة بالعربية|其他文字名称|英文名称|阿拉伯文名称|外文名称""",
    "country": """
        country|countries|nation|pays|país|pais|страна|государство|land|البلد|الدولة|دولة|بلد|国家|国别|所在国""",
    "contact_name": """
        contact|contact name|contact person|name of contact|name of the contact person|representative|
        name of representative|your name|your full name|full name|director|person|first name|personne de contact|
        nom du contact|contact nom|votre nom|représentant|persona de contacto|nombre de contacto|contacto|su nombre|
        representante|контакт|контактное лицо|имя|фио|ваше имя|представитель|kontakt|kontaktperson|ditt navn|
        representant|جهة الاتصال|الشخص المسؤول|اسم المسؤول|شخص الاتصال|اسم الممثل|الممثل|المسؤول|联系人|姓名|
        联系人姓名|代表|负责人""",
    "notes": """
        note|notes|comment|comments|remark|remarks|commentaire|commentaires|remarque|remarques|nota|notas|
        comentario|comentarios|observaciones|примечание|примечания|комментарий|комментарии|merknad|merknader|
        kommentar|kommentarer|notater|ملاحظات|ملاحظة|تعليق|تعليقات|备注|注释|说明""",
    "organisation": """
        organisation|organization|organisations|organizations|organisation name|organization name|
        name of organisation|name of organization|name of the organisation|name of the organization|
        name of your organisation|name of your organization|signatory|signatories|signed by|ngo|group|association|
        institution|nom de l organisation|nom|association|signataire|ong|organización|organizaciones|
        nombre de la organización|nombre|entidad|firmante|организация|организации|название организации|название|
        наименование|объединение|organisasjon|organisasjonens navn|navn på organisasjonen|navn|name|forening|المنظمة|
        منظمة|اسم المنظمة|اسم الجمعية|الجمعية|المؤسسة|الجهة|الاسم|组织|机构|组织名称|机构名称|名称|单位|团体""",
}
#: Words that may stand alone for the organisation only where no better heading does.
_WEAK = frozenset({"name", "nom", "nombre", "navn", "الاسم", "名称", "group", "association", "institution"})

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w{2,}")
_PHONE = re.compile(r"\+?[\d\s().\-/]{7,}")
_WEBSITE = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:org|com|net|info|ngo)\b\S*", re.IGNORECASE)
#: Among so many first rows the headings are looked for: lists begin with a title and a date.
_FIRST = 10


@dataclass(frozen=True, slots=True)
class Recognised:
    """`heading` is the place of the row of headings, -1 for none; `columns` the kind of each column, "" for those
    that are left aside."""

    heading: int
    columns: tuple[str, ...]


def recognise(rows: Sequence[Row]) -> Recognised:
    """Where the headings stand and what the columns are, as far as it can be told."""
    best = Recognised(-1, ())
    for place, row in enumerate(rows[:_FIRST]):
        columns = kinds_of(row.cells)
        named = sum(map(bool, columns))
        if named > sum(map(bool, best.columns)) and ("organisation" in columns) and _is_heading(row, columns):
            best = Recognised(place, columns)
    if best.heading >= 0:
        return best
    return Recognised(-1, _by_content(rows))


def kinds_of(headings: Sequence[str]) -> tuple[str, ...]:
    """The kind of each column by its heading; each kind once, to the column that names it best."""
    found: dict[str, tuple[int, int]] = {}
    for place, heading in enumerate(headings):
        kind, strength = _kind_of(heading)
        if kind and strength > found.get(kind, (0, 0))[0]:
            found[kind] = (strength, place)
    columns = [""] * len(headings)
    for kind, (_strength, place) in found.items():
        columns[place] = kind
    _settle_names(headings, columns)
    return tuple(columns)


def _kind_of(heading: str) -> tuple[str, int]:
    """The kind a heading names and how plainly: 3 by itself, 2 among other words, 1 by a word that may mean others."""
    folded = _folded(heading)
    if not folded or folded in _SPELT[""]:
        return "", 0
    for kind in KINDS:
        if folded in _SPELT[kind]:
            return kind, 1 if folded in _WEAK_FOLDED else 3
    if any(_holds(folded, phrase) for phrase in _SPELT[""]) or len(folded.split()) > 12:
        return "", 0
    for kind in KINDS:
        if any(_holds(folded, phrase) for phrase in _SPELT[kind] if phrase not in _WEAK_FOLDED):
            return kind, 2
    return "", 0


def _settle_names(headings: Sequence[str], columns: list[str]) -> None:
    """ "Name" beside "Organisation" is the contact's name."""
    for place, heading in enumerate(headings):
        if not columns[place] and _folded(heading) in _NAMES and "organisation" in columns \
                and "contact_name" not in columns:
            columns[place] = "contact_name"


def _is_heading(row: Row, columns: Sequence[str]) -> bool:
    """A row of headings holds no addresses; a single word such as "Organisation" heads a list of names."""
    return not any(_EMAIL.search(cell) for cell in row.cells)


def _by_content(rows: Sequence[Row]) -> tuple[str, ...]:
    """What most cells of a column look like; of the rest, the one with the longest texts is the name."""
    width = len(rows[0].cells) if rows else 0
    columns = [""] * width
    lengths = {}
    for place in range(width):
        cells = [row.cells[place] for row in rows[:200] if row.cells[place]]
        kind = _look_of(cells)
        if kind and kind not in columns:
            columns[place] = kind
        elif cells and not kind:
            lengths[place] = sum(map(len, cells)) / len(cells) * min(1, len(cells) / len(rows))
    if lengths:
        columns[max(lengths, key=lambda place: (lengths[place], -place))] = "organisation"
    return tuple(columns)


def _look_of(cells: Sequence[str]) -> str:
    looks = {"email": lambda cell: bool(_EMAIL.search(cell)), "website": lambda cell: bool(_WEBSITE.fullmatch(cell)),
             "phone": lambda cell: bool(_PHONE.fullmatch(cell)), "country": lambda cell: bool(code_for(cell))}
    for kind, look in looks.items():
        if cells and sum(map(look, cells)) > 0.6 * len(cells):
            return kind
    return ""


def _folded(heading: str) -> str:
    """Letters and figures of a heading, without accents, capitals and punctuation."""
    bare = "".join(character for character in unicodedata.normalize("NFKD", heading.casefold())
                   if not unicodedata.combining(character))
    return " ".join("".join(character if character.isalnum() else " " for character in bare).split())


def _holds(folded: str, phrase: str) -> bool:
    """Whether the phrase stands in the heading as whole words; Chinese has no blanks between them."""
    if any("\u4e00" <= character <= "\u9fff" for character in phrase):
        return phrase in folded
    return f" {phrase} " in f" {folded} "


def _phrases(text: str) -> frozenset[str]:
    return frozenset(_folded(" ".join(phrase.split())) for phrase in text.split("|"))


_SPELT = {"": _phrases(_DECIDING), **{kind: _phrases(text) for kind, text in _HEADINGS.items()}}
_WEAK_FOLDED = frozenset(map(_folded, _WEAK))
_NAMES = frozenset(map(_folded, ("name", "names", "nom", "nombre", "navn", "имя", "الاسم", "姓名", "full name")))
