#!/usr/bin/env python3
"""Manual pages and completion have exactly the commands and options of the command itself."""
import difflib
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from nodes import ROOT, VIZINHO, Tap  # noqa: E402

PACKAGING = ROOT / "tools/packaging"
MAN = PACKAGING / "man"
PAGES = ("vizinho.1", "vizinhod.8", "vizinho-web.8", "vizinho-webhook.8", "vizinho-erp.8", "vizinho.conf.5")
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
page = (MAN / "vizinho.1").read_text()
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
conf = (MAN / "vizinho.conf.5").read_text()
sample = (PACKAGING / "vizinho.conf").read_text()
keys = set(re.findall(r"^#?([a-z_]+) = ", sample, re.M))
tap.equal(set(re.findall(r"^\.It Cm ([a-z_]+)$", conf, re.M)), keys, "vizinho.conf(5) has the sample's keys")
web = (MAN / "vizinho-web.8").read_text()
sample = (PACKAGING / "web.conf").read_text()
tap.equal(set(re.findall(r"^\.It Cm ([a-z_]+)$", web, re.M)), set(re.findall(r"^#?([a-z_]+) = ", sample, re.M)),
          "vizinho-web(8) has the keys of web.conf")


def typed(lang):
    """The first word that may be typed for each input, and the names of levels."""
    texts = (ROOT / f"tools/vizinho/texts.{lang}.tsv").read_text()
    return dict(re.findall(r"^((?:input|level)_\w+)\t(\S+)", texts, re.M))


english = typed("en")
in_english = {word: english[key] for key, word in typed("pt-BR").items()}
in_english |= {"dia": "day", "mes": "month", "situacao=-": "status=-"}  # of `vizinho analyze`


def skeleton(text, words):
    """What a translation leaves as it is: kinds of headings, and all of an item but the names of its arguments."""
    result = []
    for macro, rest in re.findall(r"^\.(Sh|Ss|It) (.*)$", text, re.M):
        if macro == "It":
            argument = False
            macro += " "
            for word in rest.split():
                argument = word == "Ar" or argument and word not in ("Cm", "Fl", "Oo", "Oc", "Op", "Ns")
                macro += "Ar " if word == "Ar" else "" if argument else words.get(word, word) + " "
        result.append(macro)
    return result


for name in PAGES:
    ours, theirs = (MAN / name).read_text(), (MAN / "pt_BR" / name).read_text()
    want, got = skeleton(ours, {}), skeleton(theirs, in_english)
    tap.equal(list(difflib.unified_diff(want, got, "en", "pt_BR", lineterm="", n=0)), [],
              f"pt_BR/{name} has the sections and items of {name}")
    for macro in ("Fl", "Pa", "Xr", "Ev", "Dv"):
        each = [sorted(set(re.findall(rf"\b{macro} (\S+)", text))) for text in (ours, theirs)]
        tap.equal(each[1], each[0], f"and all that .{macro} names")
    words = [{word for part in re.findall(r"\bCm (.*?)(?= [A-Z][a-z] |$)", text, re.M) for word in part.split()
              if re.search(r"\w", word)} for text in (ours, theirs)]
    tap.equal({in_english.get(word, word) for word in words[1]}, words[0], "and all that .Cm does")
    for path in (MAN / name, MAN / "pt_BR" / name):
        p = subprocess.run(["groff", "-mdoc", "-ww", "-Tutf8", "-Kutf8", str(path)], capture_output=True,
                           text=True) if pathlib.Path("/usr/bin/groff").exists() else None
        if p is not None:
            tap.check(p.returncode == 0 and p.stderr == "",
                      f"{path.relative_to(MAN)} is sound mdoc {p.stderr[:200]!r}")
tap.check("lead" in complete("l"), "completes a noun")
tap.check(set(complete("key", "")) == {"rotate", "revoke", "resume", "recovery"}, "completes a verb")
tap.check("--dry-run" in complete("coverage", "import", "--d"), "completes an option")
languages = re.search(r"\[--lang ([^]]*)\]", help_of())[1].split("|")
tap.check(len(languages) > 1 and set(complete("--lang", "")) == set(languages), "completes a language")
sys.exit(tap.done())
