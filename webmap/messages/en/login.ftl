# Signing in, the accounts and the audit log.
login = Sign in
login-lead = Signing in is for those who save or look after things here.
login-wrong = That name and password don’t belong together. Check both and try again.
login-too-often = There were too many tries in a short time. Wait a minute and try again.
logout = Sign out
signed-in-as = Signed in as { $name } ({ $role })
account-name = Name
password = Password
accounts = Accounts
role = Role
role-viewer = viewer: looks
role-planner = planner: saves plans
role-steward = steward: saves plans, runs the study again, reads the audit log
role-admin = admin: looks after the accounts
remove = Remove
remove-account = Remove { $name }
give-account = Give an account
give-account-means = A name that is there already gets the new role and password. Passwords have at least 12 characters.
study = Run the study again
study-lead = The files that { $study } names are read anew. What has not changed is not worked out again, and the results that stand now stay until the new ones are whole.
study-stands = The results shown now are those of run { $run }.
study-running = A run is under way
study-finished = The last run has finished
study-stopped = The last run was stopped
study-failed = The last run failed
study-began = Begun by { $who }:
study-look = Look how far it has come
study-stop = Stop it
study-begin = Run it again
audit = Audit log
audit-lead =
    { $count ->
        [one] { $count } line, bound to what stood before it; the log is whole.
       *[other] { $count } lines, each bound to the one before it; the log is whole.
    }
audit-last = Note the last line’s hash elsewhere to prove later that nothing is missing at the end:
audit-at = When (UTC)
audit-who = Who
audit-what = What
audit-facts = Of what
audit-newer = Newer
audit-older = Older
error-401 = Sign in first
error-401-means = Only those with an account may do this.
error-403 = This isn’t allowed
error-403-means = It takes another role, or the page that asked for it is not one of ours.
error-413 = That is too much at once
error-413-means = Send less, in several parts if need be.
error-414 = The address is too long
error-414-means = Shorten it, or begin again from the first page.
error-429 = Too many questions in a short time
error-429-means = Wait a little and ask again.
error-431 = The browser sent too many headers
error-431-means = Remove this site’s cookies and open the page again.
