"""Whether a Latin spelling can be meant for an Arabic or Cyrillic word, whatever the scheme: ALA-LC, BGN, ISO, French
and German habits, figures for letters. Pure. How words look and sound in one script is in `spelling.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from coalition.organisations.spelling import script_of, sound

_remembered = lru_cache(maxsize=20_000)


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """`letter=readings letter=readings`; `-` is a reading that writes nothing."""
    pairs = (pair.partition("=") for pair in text.split())
    return {letter: tuple(reading.replace("-", "") for reading in readings.split(",")) for letter, _sign, readings
            in pairs}


_ARABIC = _table("""
    ب=b,bb,p,pp,v ت=t,tt ث=th,t,s,ss ج=j,jj,g,gg,dj,zh ح=h,hh خ=kh,kkh,ch,h,x,k د=d,dd ذ=dh,z,d,th ر=r,rr
    ز=z,zz,s س=s,ss,c ش=sh,ch,sch,s,ss ص=s,ss,c ض=d,dd,dh,z ط=t,tt,th ظ=z,zz,dh,th,d
    ع=-,a,e,i,o,u,aa,ae,ai غ=gh,g,gg,rh ف=f,ff,v,ph ق=q,k,kk,c,g,gg ك=k,kk,c,q,ck ل=l,ll م=m,mm ن=n,nn
    ه=h,hh و=w,ww,v,o,u,ou,oo,uw,ow ي=y,yy,i,ii,ee,j,iy,iyy,ay,ai,ey,ei ا=a,e,aa,ae
""")
_ARABIC_FIRST = _table("ا=-,a,e,i,o,u,ae,ai,ei,ee,ou,oo,aa و=w,v,ou,u,o ع=a,e,i,o,u,ou,aa")
_ARABIC_LAST = _table("""
    ا=a,aa,e,ee,ah,an,aan ه=a,ah,at,e,eh,et,h,t,i,ih,- ي=i,ii,y,e,ee,iy,iyy,ij,a,aa,ah,ey و=w,ww,o,u,ou,oo,uw
""")
#: Vowels that are not written, or the glottal stop that folding has taken out.
_SHORT = ("", *"aeiou", "ou", "ei", "ai", "ea", "oa", "aa", "ee", "oo", "ae")
#: The article as it is glued to what follows.
_GLUED = re.compile(r"[ae]l(?=\w{3})|[ae](?=([tdrznsl])\1|sh|ch)")

_CYRILLIC = _table("""
    а=a,aa б=b,bb в=v,w,f,ff г=g,gg,h,gh,v ґ=g д=d,dd е=e,ye,je,ie,o,yo,jo,io ж=zh,z,j,g,sch з=z,zz,s и=i,ii,y,yi,ji,j
    й=-,y,i,j к=k,kk,c,q,ck л=l,ll м=m,mm н=n,nn о=o п=p,pp р=r,rr с=s,ss,c т=t,tt,th у=u,ou,oo,w,v ф=f,ff,ph
    х=kh,h,hh,ch,x ц=ts,tz,c,z,cz ч=ch,tch,tsch,c,cz,tj ш=sh,s,ch,sch,sz щ=shch,sch,shh,sc,s,sht,st,chtch,szcz
    ъ=-,a,u,y,i ы=y,i,ui ь=-,y,i,j э=e ю=yu,iu,ju,u,iou,you я=ya,ia,ja,a і=i,y ї=i,yi,ji є=e,ye,ie,je ў=u,w,v ј=j,y,i
    љ=l,lj,ly њ=n,nj,ny ђ=d,dj,dz,gj ћ=c,ch,tj,t џ=dz,dzh,dj,j
""")
_KS = ("ks", "x", "cs", "cks")
_ENDINGS = "аяуюыиеоі"
#: Letters that several sounds are written with.
_AMBIGUOUS = (("j", ("", "g")), ("ch", ("sh", "kh")), ("z", ("z", "zh")), ("c", ("s", "ts", "k")))
_LATIN_ALIKE = (("tsch", "S"), ("tch", "S"), ("sch", "S"), ("ch", "S"), ("sh", "S"), ("kh", "X"), ("gh", "G"),
                ("dj", "j"), ("dh", "z"), ("ph", "f"), ("ck", "k"), ("q", "k"), ("ou", "u"), ("oo", "u"), ("o", "u"),
                ("ee", "i"), ("ii", "i"), ("ay", "ai"), ("ey", "ai"), ("ei", "ai"), ("aa", "a"))
_ROUGH = str.maketrans({"z": "s", "S": "s", "g": "k", "h": "k", "d": "t", "f": "b"})
#: Whoever writes a longer word wants to be slow to compare.
_LONGEST = 40
#: In chat a figure stands for the letter it looks like; 2 is a stop, or the q that is spoken as one.
_CHAT = re.compile(r"(?<![0-9])((?<=[A-Za-z])[2356789]|[2356789](?=[A-Za-z]))(?![0-9])")
_MEANT = tuple({"2": stop, "3": "", "5": "kh", "6": "t", "7": "h", "8": "gh", "9": "s"} for stop in ("", "q"))


@_remembered
def in_letters(name: str) -> tuple[str, ...]:
    """The readings of a name that writes some Arabic letters as figures, such as Sawa3ed; none for any other."""
    if not _CHAT.search(name):
        return ()
    return tuple(dict.fromkeys("".join(
        meant.get(letter, letter) if place % 2 else letter for place, letter in enumerate(_CHAT.split(name)))
        for meant in _MEANT))


@_remembered
def reads_as(word: str, latin: str) -> bool:
    """Whether a folded Latin word is a reading of a folded Arabic or Cyrillic one."""
    letters = _readings(word)
    if not letters or len(latin) > 2 * _LONGEST:
        return False
    between: tuple[str, ...] = _SHORT if script_of(word) == "Arab" else ("",)
    article = _GLUED.match(latin) if len(between) > 1 else None
    places = {0, article.end()} if article else {0}
    for number, readings in enumerate(letters):
        if number:
            places = _after(places, latin, between)
        places = _after(places, latin, readings)
        if not places:
            return False
    return len(latin) in places


@_remembered
def plainly(latin: str) -> str:
    """A folded Latin word as if all clerks followed one scheme: Joussour and Jusoor, Rachad and Rashad are one."""
    plain = re.sub(r"(?<=[^aeiou])y(?=[^aeiou])", "i", re.sub(r"c(?=[eiy])", "s", latin))
    for pair, letter in _LATIN_ALIKE:
        plain = plain.replace(pair, letter)
    plain = re.sub(r"u(?=[aei])", "w", re.sub(r"(.)\1+", r"\1", plain.replace("c", "k")))
    return re.sub(r"(?<=[aeiu])h$", "", plain)


def without_glued_article(latin: str) -> str:
    """Alsham or Essaada without its article; others as they are."""
    found = _GLUED.match(latin) if len(latin) > 5 else None
    return latin[found.end():] if found else latin


@_remembered
def rough_sounds(word: str) -> frozenset[str]:
    """What the readings of a word in all schemes have in common, for finding, not for telling apart: classes of
    consonants. A Latin word has several, since j and ch are read in more than one way."""
    if script_of(word) != "Latn":
        return frozenset({_rough(sound(word))}) - {""}
    spelt = {word, without_glued_article(word)}
    spelt |= {each[:-1] for each in spelt if each.endswith(("at", "et", "an")) and len(each) > 3}
    for letters, sounds in _AMBIGUOUS:
        spelt = {each.replace(letters, meant) for each in spelt for meant in sounds} if letters in word else spelt
    found = {_rough(sound(each)) for each in spelt}
    return frozenset(found) - {""}


def _after(places: Iterable[int], latin: str, readings: tuple[str, ...]) -> set[int]:
    return {place + len(reading) for place in places for reading in readings if latin.startswith(reading, place)}


@_remembered
def _readings(word: str) -> tuple[tuple[str, ...], ...]:
    """What each letter can be written as; nothing for a word of another script, or too long a one."""
    script, last = script_of(word), len(word) - 1
    known = {"Arab": _ARABIC, "Cyrl": _CYRILLIC}.get(script, {})
    if last >= _LONGEST or not known or not all(letter in known for letter in word):
        return ()
    if script == "Arab":
        return tuple(_readings_in_arabic(word, place) for place in range(len(word)))
    readings = [known[letter] for letter in word]
    if last > 4 and word[-1] in _ENDINGS:
        # A name may stand in another case.
        readings[-1] = (*readings[-1], "")
    at = word.find("кс")
    if at >= 0:
        readings[at:at + 2] = [_KS]
    return tuple(readings)


def _readings_in_arabic(word: str, place: int) -> tuple[str, ...]:
    letter = word[place]
    table = _ARABIC_FIRST if place == 0 else _ARABIC_LAST if place == len(word) - 1 else _ARABIC
    found = table.get(letter) or _ARABIC[letter]
    if place and letter in "وي" and {word[place - 1], word[place + 1:place + 2]} & set("اوي"):
        # It may have carried a stop, which is not written.
        return (*found, "")
    return found


def _rough(letters: str) -> str:
    return re.sub(r"(.)\1+", r"\1", letters.translate(_ROUGH))
