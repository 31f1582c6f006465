"""Made-up signatories of real lengths, as many as wanted and no name twice: always the same ones for a number.

Every script that the document prints takes part. Of a hundred about fifteen are networks that say for how many they
stand, and forty come with the person who signed, unless more are asked for.
"""

from __future__ import annotations

import math
import random
from typing import Any

_SEED = 20160224
_LATIN = ("Latn", (
    "Syrian", "Palestinian", "Kurdish", "Norwegian", "International", "European", "African", "Independent", "United",
    "Global", "National", "Women’s", "Youth", "Community", "Rural", "Humanitarian", "Medical", "Civil", "Coastal",
    "Northern", "Interfaith", "Afghan", "Sudanese", "Andean"), (
    "Doctors", "Lawyers", "Journalists", "Relief Workers", "Teachers", "Students", "Farmers", "Refugees",
    "Human Rights", "Peace and Justice", "Development", "Environment", "Health", "Solidarity", "Nonviolence",
    "Scientists"), (
    "Association", "Network", "Union", "Society", "Platform", "League", "Foundation", "Movement", "Council",
    "Initiative", "Forum", "House", "Coalition", "Committee"), (
    "", " of Aleppo", " of the Littoral", " (Harbour District)", " of Côte d’Ivoire", " for the Diaspora",
    " of Yorkshire and the North", " Worldwide", " in Exile", " of the Upper Valley", " of Ayacucho", " – Tromsø"))
_FRENCH = ("Latn", ("Association", "Réseau", "Collectif", "Ligue", "Fédération", "Comité", "Mouvement", "Forum"), (
    "des femmes", "des médecins", "des juristes", "des journalistes", "des enseignants", "des paysans", "des réfugiés",
    "des étudiants"), ("du littoral", "du Sahel", "de la vallée", "de Kinshasa", "de l’Océan", "du Haut-Pays",
                       "d’Outre-mer", "des Cévennes"), (
    "", " pour la paix", " pour l’égalité", " et leurs amis", " contre l’oubli", " – section nord", " en exil",
    " pour la santé", " sans frontières", " et du développement", " pour la mémoire", " unis"))
_SPANISH = ("Latn", ("Asociación", "Red", "Colectivo", "Coordinadora", "Fundación", "Movimiento", "Unión", "Comité"), (
    "de mujeres", "de médicos", "de juristas", "de periodistas", "de maestros", "de campesinos", "de jóvenes",
    "de vecinos"), ("del Sur", "de los Andes", "de Oaxaca", "del Río Negro", "de Ñuñoa", "de la Costa",
                    "de Chiapas", "del Altiplano"), (
    "", " por la paz", " por la memoria", " y sus familias", " independientes", " por los derechos humanos",
    " por la salud", " en el exilio", " por la verdad", " y la tierra", " unidas", " del norte"))
_CYRILLIC = ("Cyrl", ("Союз", "Центр", "Комитет", "Фонд", "Движение", "Сообщество", "Объединение", "Форум"), (
    "женщин", "врачей", "юристов", "журналистов", "учителей", "матерей", "студентов", "беженцев"), (
    "Приморья", "Поволжья", "Урала", "Кавказа", "Карпат", "Дона", "Сибири", "Поморья"), (
    "", " за мир", " и памяти", " за права человека", " в изгнании", " «Надежда»", " и взаимопомощи", " за правду",
    " «Дом»", " и просвещения", " за здоровье", " «Голос»"))
_ARABIC = ("Arab", ("جمعية", "شبكة", "اتحاد", "مركز", "منظمة", "رابطة", "مؤسسة", "تجمع"), (
    "النساء", "الأطباء", "المحامين", "الصحفيين", "المعلمين", "الطلاب", "المزارعين", "اللاجئين"), (
    "في الساحل", "في حلب", "في درعا", "في المهجر", "في الشمال", "في الخليل", "في عدن", "في دمشق"), (
    "", " للسلام", " لحقوق الإنسان", " للعدالة", " للإغاثة", " المستقلة", " للتنمية", " للصحة", " للذاكرة", " الحرة",
    " للمساواة", " للحوار"))
_CHINESE = ("Hans", ("华南", "北方", "海外", "国际", "独立", "民间", "西部", "沿海"), (
    "医生", "律师", "记者", "教师", "学生", "农民", "妇女", "青年"), ("权益", "和平", "健康", "发展", "互助", "文化",
                                                              "环境", "教育"), (
    "协会", "联盟", "中心", "基金会", "网络", "论坛", "学会", "委员会", "促进会", "服务社", "合作社", "之家"))
#: How the scripts are mixed: one after another, then again.
_MIX = (_LATIN, _LATIN, _ARABIC, _LATIN, _FRENCH, _LATIN, _CYRILLIC, _LATIN, _SPANISH, _LATIN, _LATIN, _CHINESE,
        _LATIN, _ARABIC, _LATIN, _FRENCH, _LATIN, _CYRILLIC, _LATIN, _SPANISH)
_GIVEN = {
    "Latn": "Rami Mazen Reem Clara Ingrid Kåre Bjørn María José Ángel François Zoë Jürgen Łukasz Peter Susan "
            "Olivia Emeka Ngozi Priya Mei Kenji Amina Fatima Nadia Siobhán Lucía Greta Väinö Zofia",
    "Cyrl": "Анна Иван Мария Олег Ольга Тарас Нина Павел Елена Юрий",
    "Arab": "سميرة رامي ليلى مازن فاطمة يوسف نادية عمر ريم خالد",
    "Hans": "王 李 张 刘 陈 杨 黄 赵 吴 周",
}
_FAMILY = {
    "Latn": "Jarrah Haj-Ali Masri Connolly Hansen Østergård Núñez Lefèvre Müller Kowalczyk Novák Okonkwo Adeyemi "
            "Sharma Tanaka O’Brien Silva García Virtanen Wiśniewska Rossi Yılmaz Haddad Khoury Ibrahim",
    "Cyrl": "Иванова Петренко Ковальчук Соколов Мельник Орлова Бондарь Волкова",
    "Arab": "حداد خوري منصور صالح إبراهيم المصري الحسن العلي",
    "Hans": "伟明 晓红 建国 丽华 志强 秀英 海燕 文博",
}
_TITLES = {
    "Latn": ("Executive Director", "President", "Secretary-General", "Chair of the Board", "Coordinator",
             "Head of Advocacy", "Founder and Director", "Professor of Public Health"),
    "Cyrl": ("директор", "председатель", "исполнительный директор", "координатор"),
    "Arab": ("المديرة التنفيذية", "رئيس مجلس الإدارة", "الأمين العام", "منسق"),
    "Hans": ("会长", "执行主任", "秘书长", "理事"),
}
COUNTRIES = {
    "SY": "Syria", "TR": "Türkiye", "LB": "Lebanon", "JO": "Jordan", "NO": "Norway", "FR": "France", "DE": "Germany",
    "GB": "United Kingdom", "US": "United States of America", "CI": "Côte d’Ivoire", "NG": "Nigeria", "KE": "Kenya",
    "BR": "Brazil", "MX": "Mexico", "ES": "Spain", "PL": "Poland", "FI": "Finland", "IN": "India", "JP": "Japan",
    "CD": "Democratic Republic of the Congo", "BA": "Bosnia and Herzegovina", "SE": "Sweden",
}
_REGIONS = ("Daraa, Al-Quneitera, Al-Sweida and the Damascus countryside", "Aleppo governorate", "the Nordic countries",
            "West Africa", "Yorkshire and the North of England", "Latin America and the Caribbean", "the diaspora")


def entry(number: int, *, named: float = 0.4) -> dict[str, Any]:
    """The fields of the signatory with this number, as the form knows them. `named` is the share that comes with the
    person who signed."""
    script, *parts = _MIX[number % len(_MIX)]
    by_chance = random.Random(_SEED + number)
    made: dict[str, Any] = {"organisation": _name(number, script, parts),
                            "country": by_chance.choice(tuple(COUNTRIES))}
    if by_chance.random() < named:
        given, family = by_chance.choice(_GIVEN[script].split()), by_chance.choice(_FAMILY[script].split())
        made["signatory"] = given + family if script == "Hans" else f"{given} {family}"
        made["title"] = by_chance.choice(_TITLES[script])
    if by_chance.random() < 0.15:
        count = by_chance.randint(3, 240)
        made |= {"is_network": True, "represents_count": count, "represents_unit": "organisations",
                 "represents_text": f"representing {count} organisations in {by_chance.choice(_REGIONS)}"}
    return made


def entries(first: int, end: int, *, named: float = 0.4) -> list[dict[str, Any]]:
    """The signatories from number `first` until before `end`."""
    return [entry(number, named=named) for number in range(first, end)]


def _name(number: int, script: str, parts: list[tuple[str, ...]]) -> str:
    """The words of the number's place in all combinations; the numeral tells apart those that begin anew."""
    total = 1
    for words in parts:
        total *= len(words)
    rounds, rest = divmod(number, total)
    # A stride without a common divisor goes through all combinations; that of the golden ratio mixes them best.
    stride = int(total * 0.618034)
    while math.gcd(stride, total) > 1:
        stride += 1
    rest = rest * stride % total
    chosen = []
    for words in parts:
        rest, place = divmod(rest, len(words))
        chosen.append(words[place])
    first, second, third, last = chosen
    between = "" if script == "Hans" else " "
    return f"{first}{between}{second}{between}{third}{last}" + (f" {rounds + 1}" if rounds else "")
