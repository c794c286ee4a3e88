"""Jobs, verdicts and errors are the same on the other side of a pipe."""

from validation_support import Folder

from sauran.kg.model.errors import EngineError
from sauran.kg.validate.job_messages import (
    error_of,
    job_of,
    plain_error,
    plain_job,
    plain_verdict,
    verdict_of,
)

OF = "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property ex:part . ex:part sh:path ex:p"


def test_all_goes_through_a_pipe_unchanged(folder: Folder) -> None:
    job = folder.job('ex:a ex:p "x"@en, 1, [] .', f"{OF} ; sh:maxCount 0 ; sh:in ( 1 ) .", cross_check="auto")
    assert job_of(plain_job(job)) == job
    verdict = folder.check("ex:a ex:p 'x'@en, 1, [] .", f"{OF} ; sh:maxCount 0 ; sh:in ( 1 ) .")
    assert verdict_of(plain_verdict(verdict)) == verdict
    error = EngineError("where", "what", "fix")
    assert (type(error_of(plain_error(error))), str(error_of(plain_error(error)))) == (
        EngineError,
        str(error),
    )
