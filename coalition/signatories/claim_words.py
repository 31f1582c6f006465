"""The words claims are made of, per language: data for `claims.py`, no rule.

Words are compared without regard to case. `blocked` are the words that tell that a number counts something
else than the noun after them; `doubtful` ones do so unless the noun follows at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{alternative})" for alternative in alternatives), re.IGNORECASE)


_NOTHING = _words(r"(?!)")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How one language claims. Patterns match a whole word, comparisons the words just before a number.

    `gap` is how many words may stand between the number and its noun.
    """

    organisations: re.Pattern[str]
    signatories: re.Pattern[str]
    more_than: str
    at_least: str
    nearly: str
    fewer_than: str
    blocked: re.Pattern[str]
    doubtful: re.Pattern[str] = _NOTHING
    gap: int = 5


ENGLISH = Vocabulary(
    organisations=_words("organi[sz]ations", "groups", "ngos|ngo['’]s", "csos", "associations", "charities"),
    signatories=_words("signatories", "signers", "signees", "endorsers", "co-?signatories"),
    more_than="more than|over|in excess of|upwards of|exceeding|above",
    at_least="at least|no (?:fewer|less) than|a minimum of|not less than",
    nearly="nearly|almost|close to|around|about|approximately|some|roughly|circa|up to",
    fewer_than="fewer than|less than|under|below",
    blocked=_words(
        "in|on|at|by|to|from|for|with|who|whom|which|that|than|when|while|into|after|before|because|as|but",
        "are|were|was|is|have|has|had|be|been|will|must|can|am|pm|per|cent|percent|million|billion",
        "people|children|men|staff|personnel|civilians?|persons?|members?|countries|states|nations|years?",
        "days?|months?|weeks?|hours?|minutes?|times|miles|dollars|euros|points?|resolutions?|articles?",
        "january|february|march|april|may|june|july|august|september|october|november|december",
    ),
    doubtful=_words(
        r"(?!rights$|arts$|sports$|news$|affairs$|various$)[\w’'-]*(?<!ou)(?<!s)(?<![’'])s",
    ),
)

FRENCH = Vocabulary(
    organisations=_words("organisations", "groupes", "ong", "associations", "collectifs", "syndicats"),
    signatories=_words("signataires", "cosignataires"),
    more_than="plus de|plus d[’']|au-delà de",
    at_least="au moins|pas moins de|au minimum",
    nearly="près de|presque|environ|quelque|quasi|quasiment|jusqu[’']à",
    fewer_than="moins de",
    blocked=_words(
        "de|des|du|et|à|au|aux|en|dans|par|pour|sur|avec|qui|que|d[’'].*|l[’'].*|sont|ont|pays|personnes",
        "membres|ans|années|jours|mois|heures|civils|enfants|millions?|milliards?|pour|fois|euros",
        "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
    ),
    gap=2,
)

SPANISH = Vocabulary(
    organisations=_words("organizaciones", "grupos", "ongs?", "asociaciones", "colectivos", "entidades"),
    signatories=_words("firmantes", "signatari[oa]s", "abajofirmantes"),
    more_than="más de|mas de|por encima de",
    at_least="al menos|por lo menos|como mínimo|no menos de",
    nearly="casi|cerca de|alrededor de|unas|unos|aproximadamente|hasta",
    fewer_than="menos de",
    blocked=_words(
        "de|del|y|a|al|en|por|para|con|que|son|han|países|personas|miembros|años|días|meses|horas",
        "civiles|niños|niñas|millones|mil|ciento|veces|euros|dólares",
        "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
    ),
    gap=2,
)

RUSSIAN = Vocabulary(
    organisations=_words(r"организаци\w+", r"групп\w*", r"объединени\w+", r"ассоциаци\w+", "нко|нпо|нго"),
    signatories=_words(r"подписант\w*", "подписавшихся|подписавших"),
    more_than="более(?: чем)?|свыше|больше(?: чем)?",
    at_least="не менее(?: чем)?|не меньше|как минимум|по меньшей мере",
    nearly="почти|около|примерно|порядка|приблизительно|до",
    fewer_than="менее(?: чем)?|меньше",
    # Adjectives in the genitive and "and" lead to the noun; any other word is what was counted.
    blocked=_words(r"(?!(?:и|[\w-]+(?:ых|их|ые|ие|ой|ая|яя))$).+", "своих|наших|раненых|погибших|убитых"),
)

ARABIC = Vocabulary(
    organisations=_words(
        r"[وفبلك]?(?:ال)?(?:منظم(?:ة|ات)|جمعي(?:ة|ات)|مجموع(?:ة|ات)|مؤسس(?:ة|ات)|هيئ(?:ة|ات)|قوى|حرك(?:ة|ات))[ًٌٍَُِ]?"
    ),
    signatories=_words(r"[وفبلك]?(?:ال)?موق[ّ]?ع(?:ا|ًا|اً|ون|ين|ة|ات)?"),
    more_than="[أا]كثر من|ما يزيد (?:عن|على)|يزيد (?:عن|على)|تزيد (?:عن|على)|فوق",
    at_least="ما لا يقل عن|لا يقل عن|على ال[أا]قل",
    nearly="نحو|حوالي|قرابة|زهاء|ما يقارب|يقارب|تقريبا",
    fewer_than="[أا]قل من",
    blocked=_words(
        "من|في|على|إلى|عن|مع|التي|الذي|شخص|شخصا|شخصًا|[أا]شخاص|مدني|مدنيا|مدنيًا|مدنيين|طفل|طفلا|طفلًا|[أا]طفال",
        "عام|عاما|عامًا|[أا]عوام|سنة|سنوات|يوم|يوما|يومًا|[أا]يام|شهر|شهرا|شهرًا|[أا]شهر|ساعة|دولة|دول|قتيل|قتيلا",
        "[أا]لف|آلاف|مليون|ملايين|عضو|عضوا|عضوًا|[أا]عضاء|بالمئة|بالمائة|يناير|فبراير|مارس|[أا]بريل|مايو",
    ),
    gap=3,
)

NORWEGIAN = Vocabulary(
    organisations=_words(
        "organisasjoner|organisasjonene|grupper|gruppene|foreninger|foreningene|ngo-er|frivillige-organisasjoner"
    ),
    signatories=_words("underskrivere|underskriverne|undertegnere|undertegnede|signatarer"),
    more_than="mer enn|flere enn|over",
    at_least="minst|ikke færre enn|ikke mindre enn",
    nearly="nesten|nærmere|rundt|omkring|omtrent|cirka|ca\\.?|inntil|opptil",
    fewer_than="færre enn|mindre enn|under",
    blocked=_words(
        "av|i|på|fra|for|til|med|som|er|var|har|ble|personer|mennesker|land|stater|år|dager|måneder|timer|uker",
        "sivile|barn|medlemmer|prosent|millioner|milliarder|kroner|ganger",
        "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember",
    ),
)

VOCABULARIES = {
    "en": ENGLISH,
    "fr": FRENCH,
    "es": SPANISH,
    "ru": RUSSIAN,
    "ar": ARABIC,
    "nb": NORWEGIAN,
    "no": NORWEGIAN,
}

# Chinese writes no blanks: what may stand between number and noun is given as characters.
CHINESE_BEFORE = re.compile(
    r"(?:(?P<more_than>超过|超過|多于|逾)|(?P<at_least>至少|不少于|不少於)|(?P<nearly>大约|将近|近|约|約))\s*$"
)
CHINESE_AFTER = re.compile(
    r"\s*(?P<more>多|余|餘)?\s*[个個家]?"
    r"(?:(?!国家|國家|年|月|日|人(?![权權道])|平民|[名位天次]|万|亿|％)[^\W\d_]|[“”「」\s]){0,14}?"
    r"(?P<noun>(?P<signatories>签署[方者人]|簽署[方者人]|签名者|署名者|联署[方者人])|组织|組織|团体|團體|机构|協會|协会|NGO)"
)

_TO_TWELVE = "one two three four five six seven eight nine ten eleven twelve"
NUMBER_WORDS = {word: value for value, word in enumerate(_TO_TWELVE.split(), start=1)}
MULTIPLIERS = {"": 1, "hundred": 100, "thousand": 1000, "million": 1_000_000}

# A number behind these is the name of something, not a count.
REFERENCES = re.compile(
    r"(?:\b(?:resolutions?|articles?|paragraphs?|rules?|sections?|pages?|annex|chapters?|nos?\.?|number"
    r"|résolutions?|resolución|resoluciones|artículos?|резолюци\w+|стать\w+|resolusjon\w*|artikkel)"
    r"|قرار|القرار|المادة|رقم|决议|决议第|第)\s*$",
    re.IGNORECASE,
)
