"""The forms in which coordinates are written, as patterns for the linear-time matcher of Arrow (RE2)."""

DECIMAL = r"^[+-]?[0-9]{1,12}(?:[.,][0-9]{1,17})?$"
DECIMAL_PAIR = (
    r"^\s*(?P<first>[+-]?[0-9]{1,12}\.[0-9]{1,17})\s*[,;\s]\s*(?P<second>[+-]?[0-9]{1,12}\.[0-9]{1,17})\s*$"
)
_NUMBER = r"[+-]? ?\d+(?:[.,]\d+)*"
_DEGREES = rf"{_NUMBER}°"
_SEXAGESIMAL = r"[+-]?\d{1,3}[ :]\d{1,2}(?:[ :]\d{1,2})?(?:[.,]\d+)?"
_FINE = r"[+-]?\d{1,3}[.,]\d{3,17}"

LOOSE_LINK = r"[A-Z.]*(?:://|\bWWW\.|GOO\.GL|\bGEO:|GOOGLE\.)[^ \n\r\t;|]*"
"""A link as a whole: what stands beside it may be the position."""

PLACE = (
    (r"^[^!]*/PLACE/(\d+(?:%C2%B0|°)[^/?!]*)(?:[/?][^!]*)?$", "$1"),
    (r"%C2%B0", "°"),
    (r"%27", "'"),
    (r"%22 ?([NSEW])\+?", '"$1 '),
)
"""A map link that names its place in degrees and minutes means that place, not the middle of the view."""

MARKS = (
    (r"[\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2069}\x{FEFF}\x{AD}\x00-\x08\x0E-\x1F\x7F]", ""),
    (r"Â?[°º˚∘ᵒ⁰]|\x{FFFD}", "°"),
    (r"(?i)\bEPSG ?:? ?327(\d\d)\b", "UTM ${1}S "),
    (r"(?i)\bEPSG ?:? ?326(\d\d)\b", "UTM ${1}N "),
    (r"[″”“„〃ʺ‶]|â€³|â€œ|â€\x{9D}|[′’‘´ʹ‵ʼ`']{2}", '"'),
    (r"[′’‘´ʹ‵ʼ`]|â€²|â€™", "'"),
    (r"[−–—‐‑‒﹣－]", "-"),
)  # fmt: skip
"""What sheets, phones and wrong code pages write for the degree, minute, second and minus signs."""

_DOTTED = (
    (r"(^|[^\d.])(\d{1,3})\.([0-5]?\d)\.([0-5]?\d)[.,](\d{1,4})([^\d.]|$)", "$1$2°$3'$4.$5\"$6"),
    (r"(^|[^\d.])(\d{1,3})\.([0-5]?\d)\.([0-5]?\d)([^\d.]|$)", "$1$2°$3'$4\"$5"),
)
"""Degrees, minutes and seconds between points; used twice, for the mark between two of them belongs to both."""

WORDS = (
    (r"\s*[\n\r\t;|\v\f\\、]\s*", ";"),
    # the date and the address that a camera prints about its position
    (
        (
            rf"^.*\bLAT(?:ITUDE)?[ :=.]{{0,3}}({_FINE}°? ?[NS]?)[ ,;]*"
            rf"LON(?:G|GITUDE)?[ :=.]{{0,3}}({_FINE}°? ?[EW]?)(?:[ ;,].*)?$"
        ),
        "A$1;O$2",
    ),
    (rf"^({_FINE})[,; ]+({_FINE})[,; ]+-?\d{{1,4}}(?:[.,]\d+)? ?(?:M|MDPL|METERS?|METRES?|Z)\.?$", "$1;$2"),
    (rf"^({_FINE}) ?[-_&:] ?(\d{{1,3}}[.,]\d{{3,17}})$", "$1;$2"),
    (r"\s+", " "),
    (r"^[+-]?(0(?:[.,]0+)?)[,; ]+[+-]?(0(?:[.,]0+)?)$", "$1;$2"),
    (r"[\"']([A-Z_]+)[\"'] ?:", "$1:"),
    (r": ?[\"']([^\"'°]*)[\"'] ?([,;:}\]]|$)", " $1$2"),
    (r"(\d) ?\* ?", "$1°"),
    (r"WGS[ -]?(?:19)?84|\b(?:KOORDINAT|KOORD|TITIK|LOKASI|POSISI|GPS|COORDINATES?|UTM)\b", " "),
    (r"[,; ]*\b(?:ALT|ALTITUDE|ELEVASI|ELEVATION|ELEV|KETINGGIAN|AKURASI|ACCURACY|ACC)\b.*$", ""),
    (r"\bLAT(?:ITUDE)?[ ,;/&-]+LONG?(?:ITUDE)?\b|\bLINTANG[ ,;/&-]+BUJUR\b|\bX[ ,;/]+Y\b", " "),
    (r"\([^()\d]*\)|[,; ]*±[^,;]*$", " "),
    (r"([\d°'\"A-Z.]) DAN ", "$1;"),
    (r"[()\[\]{}<>]", " "),
    (r"(?:GARIS )?LINTANG SELATAN|\bSELATAN|\bSOUTH", "S"),
    (r"(?:GARIS )?LINTANG UTARA|\bUTARA|\bNORTH", "N"),
    (r"(?:GARIS )?BUJUR TIMUR|\bTIMUR|\bEAST", "E"),
    (r"(?:GARIS )?BUJUR BARAT|\bBARAT|\bWEST", "W"),
    (r"(^|[^A-Z])L\.? ?S([^A-Z]|$)", "$1S$2"),
    (r"(^|[^A-Z])L\.? ?U([^A-Z]|$)", "$1N$2"),
    (r"(^|[^A-Z])B\.? ?T([^A-Z]|$)", "$1E$2"),
    (r"(^|[^A-Z])B\.? ?B([^A-Z]|$)", "$1W$2"),
    (r"(?:GARIS )?(?:LATITUDE|LINTANG|NORTHING)|\bLAT|\bY\b", "A"),
    (r"(?:GARIS )?(?:LONGITUDE|BUJUR|EASTING)|\bLONG|\bLON|\bLNG|\bX\b", "O"),
    (r"(\d)E([+-]\d)", "$1^$2"),
    (r"^([+-]?\d[.,]\d+)E(\d{1,2})$", "$1^$2"),
    (r"(\d) ?(?:METERS?|METRES?|M) ?([ENTU])\b", "$1$2"),
    (r"(\d{6}(?:[.,]\d+)?|\d[.,]\d{3}[.,]\d{3}(?:[.,]\d+)?) ?(?:METERS?|METRES?|M) ?L?S\b", "$1N"),
    (r"(\d{5}|\d{3}[.,]\d{3}(?:[.,]\d+)?) ?(?:METERS?|METRES?|M)\b", "$1"),
    (r"(\d) ?(?:DETIK|DTK|DET)\.? ?", '$1"'),
    (r"(\d) ?(?:DERAJAT|DEGREES?|DEG|DER|D)\.? ?", "$1°"),
    (r"° ?(\d+) ?M ?(\d+(?:[.,]\d+)?)S", "°$1'$2\""),
    (r"° ?(\d+(?:[.,]\d+)?) ?(?:MENIT|MINUTES?|MIN|MNT|M)\.? ?", "°$1'"),
    (r"' ?(\d+(?:[.,]\d+)?) ?(?:SECONDS?|SEC)\.? ?", "'$1\""),
    (r"(^|[ NSEWAO;,/+-])(\d{1,3})-(\d{1,2})-(\d{1,2})", "$1$2°$3'$4"),
    (r"(^|[ NSEWAO;,/+-])(\d{1,3})-(\d{1,2}[.,]\d+)", "$1$2°$3'"),
    (r"(^|[NSEWAO;,/+\"-] ?)(\d{1,3})[.,] ?([0-5]?\d)' ?(\d{1,2}(?:[.,]\d+)?)", "$1$2°$3'$4"),
    *_DOTTED,
    *_DOTTED,
    (r"^([AONSEW]?[+-]?)(\d{1,3})[.,]([0-5]?\d)[.,]([0-5]?\d)[.,](\d{1,4}) ?([NSEW]?)$", "$1$2°$3'$4.$5\"$6"),
    (r"^([AONSEW]? ?[+-]?)(\d{1,3}),([0-5]?\d),([0-5]?\d) ?([NSEW]?)$", "$1$2°$3'$4\"$5"),
    (r"([\d°'\"NSEWUTB]) - ([\dNSEWUTBAO])", "$1;$2"),
    (r"([\d°'\" ;,]|^)U([^A-Z]|$)", "${1}N$2"),
    (r"([\d°'\" ;,]|^)T([^A-Z]|$)", "${1}E$2"),
    (r"([\d°'\" ;,]|^)B([^A-Z]|$)", "${1}W$2"),
    (r"([AONSEW]) ?[:=.]+", "$1"),
    (r" +([°'\"])", "$1"),
    (r" +", " "),
    (r"^[ ,;:='\"]+|[ ,;:.=]+$", ""),
    (r"^([^°'\"]+)['\"]+$", "$1"),
)
"""What reduces a cell to numbers, ``°'"``, the hemispheres N S E W and the axes A (latitude) and O (longitude)."""

ZONES = (
    r"(?:UTM|ZONA|ZONE)[ .:,/-]*(?:UTM|ZONA|ZONE)?[ .:]*(?P<zone>4[6-9]|5[0-4]) ?(?P<band>[KLMNPSU]?)\b",
    r"^[^°'\"]*(?:\d{6}|\d{3}[.,]\d{3})[^°'\"]*[ ,;/(]+(?P<zone>4[6-9]|5[0-4]) ?(?P<band>[KLMNPSU])\b[ )]*$",
    r"^[ (]*(?P<zone>4[6-9]|5[0-4]) ?(?P<band>[KLMNPSU])[ ,;:/)]+[^°'\"]*(?:\d{6}|\d{3}[.,]\d{3})[^°'\"]*$",
)
ZONE_WORDS = r"(?:UTM|ZONA|ZONE)[ .:,/-]*(?:UTM|ZONA|ZONE)?[ .:]*(?:4[6-9]|5[0-4]) ?[KLMNPSU]?\b"
ZONE_ALONE = r"^[ (]*(?:4[6-9]|5[0-4]) ?[KLMNPSU][ ,;:/)]+|[ ,;/(]+(?:4[6-9]|5[0-4]) ?[KLMNPSU]\b[ )]*$"

_NUM = r"[+-]?\d{1,3}(?:\.\d+)?"
LINK = r"://|\bWWW\.|GOO\.GL|\bGEO:|GOOGLE\."
LINKS = (
    rf"!3D(?P<first>{_NUM})!4D(?P<second>{_NUM})(?:[^\d.]|$)",
    rf"\bMLAT=(?P<first>{_NUM})&MLON=(?P<second>{_NUM})(?:[^\d.]|$)",
    (
        rf"[?&](?:Q|QUERY|LL|DADDR|DESTINATION|SLL|CENTER|CP|MARKERS?)=(?:LOC:)?(?P<first>{_NUM})"
        rf"(?:(?:,|%2C|~)(?:\+|%20| )*|(?:\+|%20| )+)(?P<second>{_NUM})(?:[^\d.]|$)"
    ),
    rf"\bGEO:(?P<first>{_NUM}),(?P<second>{_NUM})(?:[^\d.]|$)",
    rf"/(?:SEARCH|PLACE|DIR)/+(?P<first>{_NUM})(?:,|%2C)(?:\+|%20| )*(?P<second>{_NUM})(?:[^\d.]|$)",
    rf"@(?P<first>{_NUM}),(?P<second>{_NUM})(?:[^\d.]|$)",
    rf"#MAP=\d+(?:\.\d+)?/(?P<first>{_NUM})/(?P<second>{_NUM})(?:[^\d.]|$)",
)
TWO_PINS = r"!4D.*!3D|/DIR/.*[+-]?\d+\.\d+,.*/[+-]?\d+\.\d+,.*[+-]?\d+\.\d+/@"
LON_FIRST = (
    r"\bPOINT ?(?:ZM|Z|M)? ?\( ?(?P<second>[+-]?\d+(?:\.\d+)?),? +(?P<first>[+-]?\d+(?:\.\d+)?)(?: [^)]*)?\)",
    r"COORDINATES['\"]? ?: ?\[ ?(?P<second>[+-]?\d+(?:\.\d+)?) ?, ?(?P<first>[+-]?\d+(?:\.\d+)?)[ ,\]]",
)
PAIRS = (
    r"^(?P<first>[AO][^AO]+)(?P<second>[AO][^AO]+)$",
    r"^(?P<first>[^AONSEW]+[NSEW])[,;/& ]*(?P<second>[^AONSEW]+[NSEW])$",
    r"^(?P<first>[NSEW][^AONSEW]+)(?P<second>[NSEW][^AONSEW]+)$",
    r"^(?P<first>[^;]+);(?P<second>[^;]+)$",
    r"^(?P<first>[^/]+)/(?P<second>[^/]+)$",
    rf"^(?P<first>\S.*?)[ ,]+(?P<second>{_DEGREES}.*)$",
    rf"^(?P<first>.*[\"'])(?P<second>{_DEGREES}.*)$",
    # a survey program writes latitude, longitude, altitude and accuracy; a map program a third number, the height
    r"^(?P<first>[+-]?\d{1,3}[.,]\d+) (?P<second>[+-]?\d{1,3}[.,]\d+) -?\d+(?:[.,]\d+)? \d+(?:[.,]\d+)?$",
    r"^(?P<first>[+-]?\d{1,3}\.\d{3,}),(?P<second>[+-]?\d{1,3}\.\d{3,}),-?\d{1,4}(?:\.\d+)?$",
    r"^(?P<first>[+-]? ?\d\S*) (?P<second>[+-]? ?\d\S*)$",
    r"^(?P<first>[+-]?\d+ \S+) (?P<second>[+-]?\d+ \S+)$",
    r"^(?P<first>[+-]?\d+ \d+ \S+) (?P<second>[+-]?\d+ \d+ \S+)$",
    r"^(?P<first>[+-]?\d+(?:\.\d+)+),(?P<second>[+-]?\d+(?:\.\d+)+)$",
    r"^(?P<first>[+-]?\d{5,}(?:,\d{1,4})?),(?P<second>[+-]?\d{5,}(?:,\d{1,4})?)$",
    r"^(?P<first>[+-]?\d{1,3}\.\d{3,}),(?P<second>[+-]?\d{6,})$",
    r"^(?P<first>[+-]?\d{6,}),(?P<second>[+-]?\d{1,3}\.\d{3,})$",
    r"^(?P<first>[+-]?\d{1,3},\d{3}),(?P<second>[+-]?\d{1,3},\d{3})$",
    r"^(?P<first>[+-]?\d{1,3},\d{3},\d{3}),(?P<second>[+-]?\d{1,3},\d{3},\d{3})$",
    r"^(?P<first>\d{3},\d{3}),(?P<second>\d{1,2},\d{3},\d{3})$",
    r"^(?P<first>\d{1,2},\d{3},\d{3}),(?P<second>\d{3},\d{3})$",
    rf"^(?P<first>{_SEXAGESIMAL}),(?P<second>{_SEXAGESIMAL})$",
    r"^(?P<first>[+-]?\d{1,3},\d{4,}),(?P<second>[+-]?\d{1,3},\d{4,})$",
)
"""Where a cell of two coordinates comes apart; the first that fits, and each leaves one way only."""

ANGLE = (
    r"^ ?(?P<axis>[AO]?)[ ,]*(?P<before>[NSEW]?) ?(?P<sign>[+-]?) ?(?P<d>\d{1,17}(?:[.,]\d{1,17})*)"
    r"(?:\^(?P<power>[+-]?\d{1,2}))?"
    r"(?:(?:°|[ :]) ?(?P<m>\d{1,2}(?:[.,]\d{1,17})?)(?:['°: ] ?(?P<s>\d{1,2}(?:[.,]\d{1,17})?))?)?"
    r"[\"'°]{0,2} ?(?P<after>[NSEW]?)[ ,;&/]*$"
)
