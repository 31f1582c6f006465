"""What protects signatories and lists in a hostile world: taking off at once, sign-ons kept aside, where they come
from, invalidating many, watching over colleagues' accounts. Limits on requests stand at the door, in `web/security`."""
