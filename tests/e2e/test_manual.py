#!/usr/bin/env python3
"""Manual pages and completion have exactly the commands and options of the command itself."""
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from nodes import ROOT, VIZINHO, Tap  # noqa: E402

PACKAGING = ROOT / "tools/packaging"
tap = Tap()


def help_of(*words, lang="en"):
    return subprocess.run([VIZINHO, "--lang", lang, "help", *words], capture_output=True, text=True,
                          check=True).stdout


def complete(*words):
    line = " ".join(("vizinho",) + words)
    script = (f"vizinho() {{ {VIZINHO} \"$@\"; }}; . {PACKAGING}/completion/vizinho; "
              f"COMP_WORDS=({line} {'' if words and words[-1] else chr(39) * 2}); "
              f"COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); _vizinho; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True).stdout.split()


names = [re.split(r"\s{2,}", x.strip())[0] for x in help_of().split(":\n", 1)[1].splitlines() if x.strip()]
page = (PACKAGING / "man/vizinho.1").read_text()
for name in names:
    tap.check(f".It Cm {name}" in page, f"vizinho(1) has {name}")
    for option in set(re.findall(r"--([a-z][a-z-]+)", help_of(*name.split()))):
        if name in ("init", "analyze") or option == "json":  # their pages refer to the help
            continue
        tap.check(f"Fl -{option}" in page, f"vizinho(1) has --{option} of {name}")
for lang in ("en", "pt-BR"):
    for name in names:
        top = help_of(*name.split(), lang=lang).split("\n\n")[0]
        tap.check(all(line.count("[") == line.count("]") for line in top.splitlines()),
                  f"{lang}: no option of {name} is broken by the end of a line")
    spoken = subprocess.run([VIZINHO, "--lang", lang, "analyze"], capture_output=True, text=True).stderr
    told = help_of("analyze", lang=lang)
    for option in re.findall(r"--[a-z]+", spoken):
        tap.check(told.count(option) > (option in ("--addresses", "--base", "--anatel")) or option in ("--json", "--lang"), f"{lang}: the help of analyze has {option}")
    roles = re.split(r":[ \n]", spoken.rsplit("\n", 1)[0])[-1].split()
    tap.check(set(roles) <= set(re.findall(r"[a-z_]+", told)), f"{lang}: and all roles of --map {roles}")
for item in re.findall(r"^\.It Cm ([a-z]+(?: [a-z]+)?)", page, re.M):
    tap.check(item in names or item.split()[0] in names, f"vizinho(1) has no command that is gone: {item}")
conf = (PACKAGING / "man/vizinho.conf.5").read_text()
sample = (PACKAGING / "vizinho.conf").read_text()
keys = set(re.findall(r"^#?([a-z_]+) = ", sample, re.M))
tap.equal(set(re.findall(r"^\.It Cm ([a-z_]+)$", conf, re.M)), keys, "vizinho.conf(5) has the sample's keys")
for name in ("vizinho.1", "vizinhod.8", "vizinho-webhook.8", "vizinho.conf.5"):
    p = subprocess.run(["groff", "-mdoc", "-ww", "-Tutf8", str(PACKAGING / "man" / name)],
                       capture_output=True, text=True) if pathlib.Path("/usr/bin/groff").exists() else None
    if p is not None:
        tap.check(p.returncode == 0 and p.stderr == "", f"{name} is sound mdoc {p.stderr[:200]!r}")
tap.check("lead" in complete("l"), "completes a noun")
tap.check(set(complete("key", "")) == {"rotate", "revoke", "resume", "recovery"}, "completes a verb")
tap.check("--dry-run" in complete("coverage", "import", "--d"), "completes an option")
languages = re.search(r"\[--lang ([^]]*)\]", help_of())[1].split("|")
tap.check(len(languages) > 1 and set(complete("--lang", "")) == set(languages), "completes a language")
sys.exit(tap.done())
