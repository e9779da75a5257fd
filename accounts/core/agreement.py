"""Whether what somebody entered stands in what a machine read from the document."""

import re
import unicodedata
from difflib import SequenceMatcher

_DROPPED = re.compile(r"[\s\W_]+")
_NEAR = 0.85
# Pairs that readers of print take for each other; codes have no I, O, S, V, Z, so these are misreadings.
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "S": "5", "Z": "2", "B": "8"})


# Readers of print sometimes give the traditional form of a simplified character; names of firms use few of them.
_SIMPLIFIED = str.maketrans(
    "廈門慶廣東灣龍華國機電業團關長車現術發設備製創網雲鋼鐵實驗檢測與產貿聯運輸學醫藥農場氣質顯儀標準統號碼稱證書鷺",
    "厦门庆广东湾龙华国机电业团关长车现术发设备制创网云钢铁实验检测与产贸联运输学医药农场气质显仪标准统号码称证书鹭",
)


def plain(text: str) -> str:
    """Return `text` without width, case, blanks and punctuation, common traditional characters simplified."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).translate(_SIMPLIFIED)).upper()


def name_agreement(name: str, text: str) -> float:
    """Return how well `name` is found in `text`: 1 when it stands there, else the best likeness of a part."""
    wanted, found = plain(name), plain(text)
    if not wanted:
        return 0.0
    if wanted in found:
        return 1.0
    return max(
        (_likeness(wanted, found[at : at + len(wanted)]) for at in range(max(1, len(found) - len(wanted) + 1))),
        default=0.0,
    )


def _likeness(wanted: str, part: str) -> float:
    matcher = SequenceMatcher(None, wanted, part, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > _NEAR / 2 else 0.0


def number_agreement(number: str, text: str) -> float:
    """Return 1 when `number` stands in `text`, 0.9 when only look-alike characters differ, else 0."""
    wanted, found = plain(number), plain(text)
    if not wanted:
        return 0.0
    if wanted in found:
        return 1.0
    return 0.9 if wanted.translate(_LOOK_ALIKES) in found.translate(_LOOK_ALIKES) else 0.0


def long_numbers(text: str) -> list[str]:
    """Return the 18-place numbers that stand in `text`, as identity cards carry them."""
    return re.findall(r"(?=(\d{17}[\dX]))", plain(text))
