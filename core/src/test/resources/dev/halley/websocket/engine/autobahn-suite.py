# Runs Autobahn's suite by the specification in the file that is the first argument.
import json
import sys

from java.lang import String
from java.util import BitSet
from java.util.regex import Pattern

from autobahn import utf8validator, xormasker
from autobahntestsuite import fuzzing, wstest

# The suite gives a server one second for what it has to do. That is a guess that the server has
# failed, and a busy machine makes it wrong; so it waits longer before it gives up. What it waits
# for is the same. Those cases that wait for minutes anyway do not become hours.
PATIENCE = 10
ENOUGH = 120


def patient(wait):
    return lambda protocol, seconds: wait(protocol, max(seconds, min(PATIENCE * seconds, ENOUGH)))


fuzzing.FuzzingProtocol.killAfter = patient(fuzzing.FuzzingProtocol.killAfter.im_func)
fuzzing.FuzzingProtocol.closeAfter = patient(fuzzing.FuzzingProtocol.closeAfter.im_func)


# The suite masks and checks its messages byte by byte, and would use a module in C if it found one.
# The JDK does for the messages of megabytes.
END = "\1"  # a BitSet leaves out zeros at its end


def mask(masker, data):
    key = "".join(chr(masker.mskarray[masker.ptr & 3][i]) for i in range(4))
    masked = bits(data + END)
    masked.xor(bits((key * (len(data) // 4 + 1))[:len(data)]))
    masker.ptr += len(data)
    return masked.toByteArray()[:-1].tostring()


def bits(data):
    return BitSet.valueOf(String(data).getBytes("ISO-8859-1"))


xormasker.XorMaskerShifted1.process = mask

ASCII = Pattern.compile("\\p{ASCII}*")

validate_each = utf8validator.Utf8Validator.validate.im_func


def validate(validator, data):
    if validator.state != validator.UTF8_ACCEPT or not ASCII.matcher(data).matches():
        return validate_each(validator, data)
    validator.i += len(data)
    return True, True, len(data), validator.i


utf8validator.Utf8Validator.validate = validate

with open(sys.argv[1]) as specification:
    wstest.start({"mode": "fuzzingclient"}, json.load(specification))
