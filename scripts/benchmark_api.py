"""The API beside pygeoapi on PostGIS, the same households in the same columns: pages of 1 000 features a second.

``python3 scripts/bootstrap.py bench api [--run DIR] [--households N] [--seconds S] [--rounds N] [--markdown]``; needs
Debian's postgresql and postgresql-postgis. What is compared, and why it is fair, stands in docs/benchmark.md.
"""

import argparse
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from urllib.parse import quote

import geopandas as gpd
from sqlalchemy import create_engine, text

from app.records import open_records
from app.records.tables import Handover
from app.settings import WebSettings
from app.sharing.tokens import new_token
from scripts.benchmark import machine
from scripts.benchmark_web import free_port, make_pages, running
from scripts.tables import table

PAGE, CLIENTS = 1_000, 4
GOAL = 5.0
OURS, PEER, FILE = "peta", "pygeoapi, PostGIS", "pygeoapi, GeoJSON file"
_PEER_SERVER = """
server:
  bind: {{host: 127.0.0.1, port: {port}}}
  url: http://127.0.0.1:{port}
  mimetype: application/json; charset=UTF-8
  encoding: utf-8
  gzip: false
  languages: [en-US]
  pretty_print: false
  limits: {{default_items: 1000, max_items: 10000}}
  map: {{url: "http://127.0.0.1/{{z}}/{{x}}/{{y}}.png", attribution: none}}
logging: {{level: ERROR}}
metadata:
  identification: {{title: a, description: a, keywords: [a], keywords_type: theme, terms_of_service: a, url: http://127.0.0.1}}
  license: {{name: a, url: http://127.0.0.1}}
  provider: {{name: a, url: http://127.0.0.1}}
  contact: {{name: a, email: a@b.c, url: http://127.0.0.1}}
resources:
"""
_PEER_COLLECTION = """
  {name}:
    type: collection
    title: a
    description: a
    keywords: [a]
    extents: {{spatial: {{bbox: {bbox}, crs: "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}}}
    links: []
    providers:
      - {provider}
"""


@dataclass(frozen=True)
class Asked:
    """Where the pages of one contender are.

    Attributes
    ----------
    path
        Of a page; ``{offset}`` stands in it.
    """

    port: int
    path: str
    headers: dict[str, str]


def fetch(asked: Asked, connection: http.client.HTTPConnection, offset: int) -> bytes:
    """Return one page.

    Raises
    ------
    RuntimeError
        When it is refused.
    """
    connection.request("GET", asked.path.format(offset=offset), headers=asked.headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{answer.status} {body[:300]!r}")
    return body


def pages_a_second(asked: Asked, features: int, seconds: float, clients: int) -> float:
    """Return how many pages some clients get in a second, each walking through the whole collection."""
    done = [0] * clients
    until = time.monotonic() + seconds

    def walk(client: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", asked.port, timeout=120)
        last = max(1, features // PAGE)
        place = client * last // clients
        while not done[client] or time.monotonic() < until:  # one at least, however long it takes
            fetch(asked, connection, PAGE * (place % last))
            place += 1
            done[client] += 1
        connection.close()

    begin = time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        for client in [pool.submit(walk, client) for client in range(clients)]:
            client.result()  # a fault of theirs is ours
    return sum(done) / (time.monotonic() - begin)


@contextmanager
def postgis(households: gpd.GeoDataFrame) -> Iterator[Path]:
    """Run a PostgreSQL server with the households in a table ``rumah_tangga``; yield the folder of its socket."""
    programs = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)))
    place = Path(tempfile.mkdtemp(prefix="pg-"))
    other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if other:
        shutil.chown(place, "postgres")

    def run(program: str, *words: str) -> None:
        subprocess.run(
            [*other, str(programs / program), *words], check=True, cwd=place, stdout=subprocess.DEVNULL
        )

    run("initdb", "-D", str(place / "data"), "-U", "peta", "-A", "trust", "-E", "UTF8", "--no-locale")
    settings = f"-k {place} -c listen_addresses='' -c shared_buffers=512MB"
    run("pg_ctl", "-D", str(place / "data"), "-w", "-l", str(place / "log"), "-o", settings, "start")
    try:
        address = f"postgresql+psycopg://peta@/postgres?host={quote(str(place))}"
        engine = create_engine(address)
        with engine.begin() as session:
            session.execute(text("create extension postgis"))
        households.to_postgis("rumah_tangga", engine, index=False)
        with engine.begin() as session:
            session.execute(text("alter table rumah_tangga add primary key (id)"))
            session.execute(text("create index on rumah_tangga using gist (geometry)"))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
            session.execute(text("vacuum analyze rumah_tangga"))
        engine.dispose()
        yield place
    finally:
        run("pg_ctl", "-D", str(place / "data"), "-w", "-m", "immediate", "stop")
        shutil.rmtree(place, ignore_errors=True)


def peer_settings(folder: Path, port: int, socket: Path, bbox: list[float]) -> dict[str, str]:
    """Write what pygeoapi reads, and return its environment."""
    database = {
        "host": str(socket),
        "dbname": "postgres",
        "user": "peta",
        "password": "x",
        "search_path": ["public"],
    }
    providers = {
        "postgis": {
            "type": "feature", "name": "PostgreSQL", "data": database, "id_field": "id", "table": "rumah_tangga",
            "geom_field": "geometry",
        },
        "berkas": {"type": "feature", "name": "GeoJSON", "data": str(folder / "peer.geojson"), "id_field": "id"},
    }  # fmt: skip
    told = _PEER_SERVER.format(port=port)
    for name, provider in providers.items():
        told += _PEER_COLLECTION.format(name=name, bbox=json.dumps(bbox), provider=json.dumps(provider))
    config, openapi = folder / "peer.yml", folder / "peer.json"
    config.write_text(told)
    environment = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    program = Path(sys.executable).parent / "pygeoapi"
    words = ["openapi", "generate", str(config), "--output-file", str(openapi), "--format", "json"]
    subprocess.run([program, *words], check=True, env=os.environ | environment, stdout=subprocess.DEVNULL)
    return environment


def give_token(settings: WebSettings, run: Path) -> str:
    """Hand the whole run over by the API to a recipient of exact points, and return the token."""
    token, hashed = new_token()
    records = open_records(settings.database_url)
    with records.session() as session:
        today = datetime.now(UTC).date()
        session.add(
            Handover(
                kind="api", recipient="perkim", recipient_name="a", purpose="a", level="opd", run=run.name,
                run_created=json.loads((run / "manifest.json").read_text())["created"], by="peladen",
                until=today + timedelta(days=1), token_hash=hashed,
            )
        )  # fmt: skip
    records.close()
    return token


def collect(asked: Asked) -> tuple[gpd.GeoDataFrame, int]:
    """Return every feature that a contender hands out, and how many bytes that took."""
    connection = http.client.HTTPConnection("127.0.0.1", asked.port, timeout=120)
    features: list[dict[str, object]] = []
    size = 0
    while True:
        body = fetch(asked, connection, len(features))
        page = json.loads(body)["features"]
        features += page
        size += len(body)
        if len(page) < PAGE:
            break
    found = gpd.GeoDataFrame.from_features(features, crs=4326)
    return found.assign(id=[feature["id"] for feature in features]), size


def main(words: Sequence[str]) -> None:
    """Read the arguments, prepare, measure, tell."""
    parser = argparse.ArgumentParser(description="Measure the API beside pygeoapi.")
    parser.add_argument("--run", type=Path, help="a run that is there; without one a sample is assessed")
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=8.0, help="of each round (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of each contender, in turn (%(default)s)")
    parser.add_argument("--markdown", action="store_true", help="print the table ready to paste")
    wish = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if wish.run is None:
            make_pages(folder, wish.households, slow=False)
        run = wish.run.resolve() if wish.run else folder / "runs" / "satu"
        (folder / "library").mkdir()
        (folder / "library" / run.name).symlink_to(run)
        settings = WebSettings(runs=folder / "library")
        header = {"Authorization": f"Bearer {give_token(settings, run)}"}
        own, other = free_port(), free_port()
        items = f"/ogc/collections/rumah_tangga/items?f=json&limit={PAGE}&offset={{offset}}"
        ours = Asked(own, items, header)
        # hundreds of pages a second are more than anybody is let ask for
        free = {"PETA_WORKER": "false", "PETA_OGC_PER_MINUTE": "0"}
        serve = [sys.executable, "-m", "app.cli", "serve", str(folder / "library"), "--port", str(own)]
        with running(serve, own, **free):
            whole, size = collect(ours)
            whole.to_file(folder / "peer.geojson", driver="GeoJSON")
            with postgis(whole) as socket:
                environment = peer_settings(folder, other, socket, whole.total_bounds.tolist())
                command = [
                    sys.executable,
                    "-m",
                    "uvicorn",
                    "pygeoapi.starlette_app:APP",
                    "--port",
                    str(other),
                ]
                with running([*command, "--log-level", "error"], other, **environment):
                    report(ours, other, whole, size, wish)


def report(ours: Asked, port: int, whole: gpd.GeoDataFrame, size: int, wish: argparse.Namespace) -> None:
    """Measure the contenders in turn, and print what was seen."""
    path = f"items?f=json&limit={PAGE}&offset={{offset}}"
    contenders = {
        OURS: ours,
        PEER: Asked(port, f"/collections/postgis/{path}", {}),
        FILE: Asked(port, f"/collections/berkas/{path}", {}),
    }
    for name, asked in contenders.items():  # the first of each pays for what is kept afterwards
        found, _ = collect(asked) if name != FILE else (whole, 0)
        if set(found["id"]) != set(whole["id"]):
            raise RuntimeError(f"{name} does not hand out the same households.")
    rows = [["", f"pages/s, {CLIENTS} clients", "peta", "pages/s, 1 client", "peta"]]
    seen = {
        name: [
            median(values)
            for values in zip(
                *(
                    [pages_a_second(asked, len(whole), wish.seconds, clients) for clients in (CLIENTS, 1)]
                    for _ in range(wish.rounds)
                ),
                strict=True,
            )
        ]
        for name, asked in contenders.items()
    }
    for name, (many, one) in seen.items():
        ratio = [f"{seen[OURS][place] / value:.1f} x" for place, value in enumerate((many, one))]
        rows.append([name, f"{many:.1f}", ratio[0], f"{one:.1f}", ratio[1]])
    reached = seen[OURS][0] / max(seen[PEER][0], seen[FILE][0])
    print(table(rows, markdown=wish.markdown))
    print(
        f"\n{len(whole)} features, {size / len(whole):.0f} bytes each; {reached:.1f} times the best peer "
        f"(goal: {GOAL:.0f}; {'met' if reached >= GOAL else 'missed'}).\n"
    )
    print(machine())


if __name__ == "__main__":
    main(sys.argv[1:])
