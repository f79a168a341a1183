"""Reads pages with an HTML parser that is not ours, and says what is wrong with them.

    examine_page.py FILE...            each is valid, and sound for who reads it by keyboard or ear
    examine_page.py --alike A B ...    and the two of each pair differ in nothing but texts
"""

import base64
import collections
import hashlib
import pathlib
import re
import sys

import html5lib

HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
# Attributes whose values are text for readers, addresses made of names, or drawn from figures.
TEXTS = {"aria-label", "title", "value", "content", "datetime", "href", "action"}
LOCAL = re.compile(r"(#[a-z0-9-]+|/[A-Za-z0-9/%._~-]*(\?[A-Za-z0-9%._~=&-]*)?)\Z")
FORBIDDEN = {"script", "iframe", "object", "embed", "base", "img", "math", "foreignObject", "image", "use"}


def parsed(path):
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), strict=False)
    tree = parser.parse(pathlib.Path(path).read_text(encoding="utf-8"))
    errors = [f"{place}: {code} {data}" for place, code, data in parser.errors]
    return tree, errors


def elements(tree):
    return [element for element in tree.iter() if isinstance(element.tag, str)]


def name(element):
    return element.tag.replace(HTML, "").replace(SVG, "")


def contains_text(element):
    return "".join(element.itertext()).strip() != ""


def soundness(tree):
    """What a validator, a keyboard and a screen reader need."""
    every = elements(tree)
    names = [name(element) for element in every]
    ids = [element.get("id") for element in every if element.get("id") is not None]
    problems = [f"the id {one} stands {count} times" for one, count in collections.Counter(ids).items() if count > 1]
    problems += [f"<{one}> is there" for one in sorted(FORBIDDEN & set(names))]
    problems += [f"{names.count(one)} <{one}>" for one in ("main", "h1", "title") if names.count(one) != 1]
    known = set(ids)
    labels = {element.get("for") for element in every if name(element) == "label"}
    parents = {child: parent for parent in every for child in parent}
    if tree.get("lang") is None:
        problems.append("no language")
    for element, kind in zip(every, names):
        problems += attribute_problems(element, kind, known)
        problems += element_problems(element, kind, labels, parents)
    return problems + heading_problems(names) + policy_problems(every)


def attribute_problems(element, kind, ids):
    problems = []
    for key, value in element.attrib.items():
        if key.lower().startswith("on") or key == "style" or key == "src" or "xlink" in key:
            problems.append(f"<{kind} {key}>")
        if key in ("href", "action") and not LOCAL.match(value):
            problems.append(f"<{kind} {key}={value!r}> leads elsewhere")
        if key in ("for", "aria-labelledby") and value not in ids:
            problems.append(f"<{kind} {key}={value!r}> names nothing")
        if key == "href" and value.startswith("#") and value[1:] not in ids:
            problems.append(f"<{kind} href={value!r}> leads nowhere")
    return problems


def element_problems(element, kind, labels, parents):
    problems = []
    if kind == "table" and element.find(f"{HTML}caption") is None:
        problems.append("a table without a caption")
    if kind == "th" and element.get("scope") is None:
        problems.append(f"a heading cell without a scope: {''.join(element.itertext())!r}")
    if kind == "svg" and not (element.get("aria-hidden") or element.get("aria-label")):
        if not is_told(element, parents):
            problems.append("a drawing without words")
    if kind in ("a", "button", "caption", "h1", "h2", "h3", "summary", "label") and not (
        contains_text(element) or element.get("aria-label")
    ):
        problems.append(f"an empty <{kind}>")
    if kind in ("input", "select") and element.get("type") not in ("hidden", "submit"):
        if element.get("id") not in labels:
            problems.append(f"<{kind}> without a label")
    return problems


def policy_problems(every):
    """A page with a style of its own allows that style and nothing else."""
    styles = [element.text or "" for element in every if name(element) == "style"]
    policies = [element.get("content") for element in every
                if element.get("http-equiv", "").lower() == "content-security-policy"]
    if not styles and not policies:
        return []
    digest = base64.b64encode(hashlib.sha256("".join(styles).encode()).digest()).decode()
    expected = [f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"]
    return [] if len(styles) == 1 and policies == expected else [f"{len(styles)} styles under {policies}"]


def is_told(element, parents):
    """Whether something around it says in words what it shows."""
    while element is not None:
        if element.get("role") == "img" and element.get("aria-label"):
            return True
        element = parents.get(element)
    return False


def heading_problems(names):
    levels = [int(one[1]) for one in names if re.fullmatch("h[1-6]", one)]
    return [f"<h{after}> follows <h{before}>" for before, after in zip(levels, levels[1:]) if after > before + 1]


def skeleton(tree):
    """All of a page but its texts."""
    lines = []
    for element in elements(tree):
        attributes = {key: value for key, value in element.attrib.items() if key not in TEXTS}
        lines.append(f"{name(element)} {sorted(attributes)} {attributes.get('class', '')}")
    return lines


def differences(one, other):
    left, right = skeleton(one), skeleton(other)
    if left == right:
        return []
    index = next((i for i, (a, b) in enumerate(zip(left, right)) if a != b), min(len(left), len(right)))
    return [f"element {index}: {left[index:index + 3]} became {right[index:index + 3]}"]


def main(arguments):
    alike = arguments[:1] == ["--alike"]
    paths = arguments[1:] if alike else arguments
    pages, failed = [], False
    for path in paths:
        tree, errors = parsed(path)
        pages.append(tree)
        for problem in errors + soundness(tree):
            print(f"{path}: {problem}")
            failed = True
    if alike:
        for index in range(0, len(paths), 2):
            for problem in differences(pages[index], pages[index + 1]):
                print(f"{paths[index + 1]}: {problem}")
                failed = True
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
