"""A real LibreTranslate server whose translations come from the English-Portuguese models of models.sh.

Its own models are only on its authors' servers. So the two functions that find and fetch models are replaced; every
line of HTTP, checking and batching is LibreTranslate's. Usage: libretranslate_server.py MODELS [options of libretranslate].
"""

import functools
import pathlib
import sys
from concurrent.futures import ThreadPoolExecutor

import argostranslate.translate as argos
from fxtranslate import Translator

MODELS = pathlib.Path(sys.argv.pop(1))


class Firefox(argos.ITranslation):
    """One direction. A translator must stay on the thread that made it."""

    def __init__(self, source, target):
        self.from_lang, self.to_lang = source, target
        self.thread = ThreadPoolExecutor(1)
        self.translator = self.thread.submit(self.load).result()

    def load(self):
        folder = MODELS / f"{self.from_lang.code}-{self.to_lang.code}"
        vocabulary = next(folder.glob("vocab.*.spm")).read_bytes()
        model = next(folder.glob("model.*.bin")).read_bytes()
        return Translator(model=model, src_vocab=vocabulary, trg_vocab=vocabulary)

    def say(self, text):
        lines = text.split("\n")
        return "\n".join(self.translator.translate_long(line) if line.strip() else line for line in lines)

    def hypotheses(self, input_text, num_hypotheses=4):
        said = self.thread.submit(self.say, input_text).result()
        return [argos.Hypothesis(said, 0.0)] * num_hypotheses


@functools.lru_cache()
def installed_languages():
    english, portuguese = argos.Language("en", "English"), argos.Language("pt", "Portuguese")
    for source, target in ((english, portuguese), (portuguese, english)):
        translation = argos.CachedTranslation(Firefox(source, target))
        source.translations_from.append(translation)
        target.translations_to.append(translation)
    for language in (english, portuguese):
        same = argos.IdentityTranslation(language)
        language.translations_from.append(same)
        language.translations_to.append(same)
    return [english, portuguese]


argos.get_installed_languages = installed_languages

import libretranslate.init  # noqa: E402  (after its models are ours)

libretranslate.init.check_and_install_models = lambda *_, **__: None

from libretranslate.main import main  # noqa: E402

main()
