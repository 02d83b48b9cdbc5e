"""Decides which names of unknown fields notes may contain. The names of an object's fields may be people's names, or secrets."""

from functools import lru_cache
import re

_LONGEST = 40
_NAME = re.compile(r"[A-Za-z]+(?:_[A-Za-z]+)*", re.ASCII)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# Words that occur in names of fields. Any other word may be a person's name or a secret.
_WORDS = frozenset(
    """
    access account active adapter address admin agent alert all allow antivirus app arch architecture area as asn at audio auth
    auto available avatar backup banned battery begin bios bit blocked board boot brand browser build by bytes cable can capacity
    card category channel charge child chip city client close cloud code color colour comment company computer config connect
    connected connection core count country cpu create created creation currency current custom data date day default delete
    deleted description desktop details device dhcp disable disabled disk display dns domain done down drive driver duration
    edition email enable enabled encrypted encryption end error event expire expired extra family favorite favourite feature field
    file filter firewall firmware first flag folder format free frequency full gateway geo gpu group guest guid hard
    hardware has hash health height history host hostname hotfix hour icon id image in index info installed interface internal
    invitation invite ip is isp job kernel kind label lan language last lat latitude left level license limit limited link linked
    list load local locale location locked log logged login lon long longitude mac machine main manufacturer max mb memory message
    method min mode model modified monitor mount mouse name net network new next note number of off offline offset on online open
    operator option order org organization original os other owner page parent part partner path pending percent permanent
    permission phone physical picture ping plan platform policy port position postcode power preview primary print printer
    priority process processor product profile program progress provider public quality query queue ram rate read ready reason
    record recording region registered release remain remote reply request required resolution result role root safe screen secret
    security seen send serial server service session setting share short show size slot socket software sort sound source speed
    start started state stats status stop storage string sub subnet support sync system tag target team temperature text theme
    thumb thumbnail time timestamp timezone title to total tpm trial type unit up update updated uptime url usage use used user
    uuid value vendor version video view virtual volume wake wallpaper width wifi win windows with wol work workgroup write year
    zip zone
    """.split()  # noqa: SIM905 - a list of 300 texts would be as many lines
)


@lru_cache(maxsize=1000)
def _consists_of_words(name: str) -> bool:
    words = map(str.lower, _WORD.findall(name))
    return all(len(word) == 1 or word in _WORDS or word.removesuffix("s") in _WORDS for word in words)


def is_field_name(name: str) -> bool:
    """Return whether a name consists of words that usually name fields, so that it is not a secret, nor a person's or computer's name."""
    return len(name) <= _LONGEST and _NAME.fullmatch(name) is not None and _consists_of_words(name)
