"""The columns that the definitions of RTLH ask for: materials, areas, and the levels of a survey."""

from geo import sanitation
from geo.columns import Column, code_column, level_column

JENIS_LANTAI = code_column(
    "jenis_lantai", ("jenis lantai", "lantai", "jenis lantai terluas", "kd jenis lantai terluas")
)
JENIS_DINDING = code_column(
    "jenis_dinding", ("jenis dinding", "dinding", "jenis dinding terluas", "kd jenis dinding")
)
JENIS_ATAP = code_column("jenis_atap", ("jenis atap", "atap", "jenis atap terluas", "kd jenis atap"))
SUMBER_AIR = code_column(
    "sumber_air",
    ("sumber air minum", "sumber air", "air minum", "sumber air minum utama", "kd sumber air minum"),
)
LUAS_LANTAI = Column(
    "luas_lantai",
    ("luas lantai", "luas lantai m2", "luas rumah", "luas bangunan"),
    kind="area",
    low=1,
    high=500,
)

STRUCTURE = (
    level_column("pondasi", ("pondasi", "fondasi", "kondisi pondasi", "kondisi fondasi")),
    level_column("sloof", ("sloof", "kondisi sloof")),
    level_column("kolom", ("kolom", "kondisi kolom")),
    level_column("ring_balok", ("ring balok", "kondisi ring balok")),
    level_column("rangka_atap", ("rangka atap", "kondisi rangka atap")),
)
"""The condition of what bears the house; only a survey asks it."""

OTHER_PARTS = (
    level_column("kondisi_dinding", ("kondisi dinding", "kd kondisi dinding")),
    level_column("kondisi_lantai", ("kondisi lantai", "kd kondisi lantai")),
    level_column("kondisi_atap", ("kondisi atap", "kd kondisi atap", "kondisi penutup atap")),
    level_column("jendela", ("jendela", "kondisi jendela", "kusen")),
    level_column("ventilasi", ("ventilasi", "kondisi ventilasi")),
    level_column("plafon", ("plafon", "kondisi plafon")),
)
MEASURED = (
    Column("tinggi_plafon", ("tinggi plafon", "tinggi langit langit"), kind="height", low=1, high=10),
    Column("luas_ventilasi", ("luas ventilasi", "luas lubang ventilasi"), kind="opening", low=0, high=200),
    Column("persen_ventilasi", ("persen ventilasi", "persentase ventilasi"), kind="percent", low=0, high=100),
    Column("luas_pencahayaan", ("luas pencahayaan", "luas bukaan cahaya"), kind="opening", low=0, high=200),
    Column(
        "persen_pencahayaan",
        ("persen pencahayaan", "persentase pencahayaan"),
        kind="percent",
        low=0,
        high=100,
    ),
)

MATERIALS = (JENIS_ATAP, JENIS_DINDING, JENIS_LANTAI)
SHARPENING = (
    LUAS_LANTAI,
    SUMBER_AIR,
    sanitation.FASILITAS_BAB,
    sanitation.JENIS_KLOSET,
    sanitation.BUANG_TINJA,
    *STRUCTURE,
    *OTHER_PARTS,
    *MEASURED,
)
COLUMNS = {column.name: column for column in (*MATERIALS, *SHARPENING)}
