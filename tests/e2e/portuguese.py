"""Finds English in what is said in Portuguese."""
import re

# Words that Portuguese does not have. Options, paths, commands in backquotes or after "vizinho", words in double
# quotes, in [] and the codes of refusals in () are the same in all languages.
ENGLISH = set("""the is are was were not with without expected missing cannot failed permission denied directory this
there must unknown refused example examples and has have from which your what when where error usage file files it
its of no-such such found wrong needs need line lines day days hours seconds ago today yes given nothing nobody
everybody another answer answers offer offers partner partners member members neighbour customer customers key keys
more less than only after before again already between until since name names address addresses price town towns
postcode range ranges state states reading written empty binary word words one two three all none each every
coverage plan plans up down share disk clock version records version""".split())
KEPT = re.compile(r"""`[^`]*`|"[^"]*"|\[[^\]]*\](?:\ \w+)?(?:\ =\ \w+)?|\([a-z]+(?:-[a-z]+)+\)|--?[a-zA-Z][\w-]*(?:[= ][\w./|:-]+)?|\S*[/@=]\S*|
    ^\ \ [a-z]+(?:\ [a-z]+)?\ \ |\b\w+(?:[._]\w+)+|^\s*(?:vizinhod?|sudo)\b.*$|^\s+.*\\$|^.*\\\n.*$|\bvizinhod?(?:\ [a-z]+){1,3}|\{[^}]*\}""", re.M | re.X)


def english(text):
    """The English words in it, each with what stands around it."""
    plain = KEPT.sub(" ", text)
    return [plain[max(0, m.start() - 20):m.end() + 20].replace("\n", " ") for m in re.finditer(r"[A-Za-zÀ-ÿ][\w-]*", plain)
            if m[0].lower() in ENGLISH]
