"""A new site, made by ``wagtail start`` and the README, with the package as a wheel.

The steps come out of the README itself, so that neither can drift from the other.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.install

ROOT = Path(__file__).parent.parent
PARTS = ROOT / "tests" / "first_installation"
PAGES = ["index", "campaign", "brief", "idea", "submit"]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Variant:
    """What a site has of its own: apps from ``tests/first_installation``, settings."""

    name: str
    apps: tuple[str, ...] = ()
    settings: str = ""
    host: str = "localhost"
    picture: str = "wagtailimages.Image"


VARIANTS = [
    Variant("plain"),
    Variant(
        "own user and picture models",
        apps=("accounts", "pictures"),
        settings="""
AUTH_USER_MODEL = "accounts.User"
WAGTAILIMAGES_IMAGE_MODEL = "pictures.SitePicture"
WAGTAIL_CROWDBRAND = {"CREATE_IMAGE": "pictures.make.create_image"}
""",
        picture="pictures.SitePicture",
    ),
    Variant(
        "German, in New York, on the second of two sites",
        settings="""
LANGUAGE_CODE = "de"
TIME_ZONE = "America/New_York"
USE_TZ = True
""",
        host="second.example",
    ),
]


def blocks(language: str) -> list[str]:
    """The code blocks in that language of the README's installation steps."""
    section = README.split("## Add it to your site\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)


def run(folder: Path, wheel: Path, *arguments: str) -> str:
    """Run Python in the site, with the wheel before everything else; its output."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("DJANGO_")}
    environment = inherited | {
        "PYTHONPATH": str(wheel),
        "DJANGO_SETTINGS_MODULE": "mysite.settings.dev",
    }
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, unpacked: what pip would put among the packages of the site."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "flit_core.wheel", "--outdir", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [packed] = folder.glob("wagtail_crowdbrand-*.whl")
    with ZipFile(packed) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def start_site(folder: Path, variant: Variant) -> Path:
    """``wagtail start mysite``, and the README's changes to it."""
    wagtail = "from wagtail.bin.wagtail import main; main()"
    start = [sys.executable, "-c", wagtail, "start", "mysite"]
    subprocess.run(start, cwd=folder, check=True, capture_output=True)
    site = folder / "mysite"
    for app in variant.apps:
        copy(PARTS / app, site / app)
    settings, urls = blocks("python")
    own = "".join(f'INSTALLED_APPS.insert(0, "{app}")\n' for app in variant.apps)
    append(
        site / "mysite" / "settings" / "base.py",
        f"{own}YOUR_APPS = INSTALLED_APPS\n{settings}{variant.settings}",
    )
    append(
        site / "mysite" / "urls.py",
        f"before = urlpatterns[:-1]\n{urls}urlpatterns = before + urlpatterns\n",
    )
    return site


def copy(source: Path, target: Path) -> None:
    target.mkdir()
    (target / "migrations").mkdir()
    for path in [target / "__init__.py", target / "migrations" / "__init__.py"]:
        path.touch()
    for path in source.glob("*.py"):
        (target / path.name).write_text(path.read_text(encoding="utf-8"))


def append(path: Path, text: str) -> None:
    path.write_text(f"{path.read_text()}\n\n{text}")


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_first_installation(wheel, tmp_path, variant):
    site = start_site(tmp_path, variant)
    if variant.apps:
        run(site, wheel, "manage.py", "makemigrations", *variant.apps)
    _pip, commands = blocks("sh")
    steps = re.findall(r"^python (manage\.py \w+)", commands, re.MULTILINE)
    assert steps == ["manage.py migrate", "manage.py crowdbrand_setup"]
    for step in steps:
        run(site, wheel, *step.split())

    run(site, wheel, "manage.py", "check", "--fail-level", "ERROR")
    run(site, wheel, "manage.py", "makemigrations", "--check", "--dry-run")
    said = run(site, wheel, str(PARTS / "visit.py"), variant.host)
    facts = json.loads(said.splitlines()[-1])  # mails come before
    assert facts == {
        "package": str(wheel),
        "pages": dict.fromkeys(PAGES, [200, True]),
        "elsewhere": 404 if variant.host != "localhost" else 200,
        "status": "visible",
        "picture": variant.picture,
    }
