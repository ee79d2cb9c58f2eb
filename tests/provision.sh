#!/bin/sh
# Provisions the desk of Publish teacher training courses: three organisations and forty users, eight
# of whom are support users of the service itself. It may be run again at any time: whoever is there
# already is left as they are, and nobody is sent a second email. It stops at the first command that
# fails, with that command's exit code. Whatever sets FRONTDESK_DATABASE, FRONTDESK_AS and the like
# for other commands sets them for this one too.
set -eu

FRONTDESK_SERVICE=publish
FRONTDESK_NO_INPUT=yes
export FRONTDESK_SERVICE FRONTDESK_NO_INPUT

files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Asks something that is answered by exit code 0 (yes) or 4 (no); any other code ends the script.
ask() {
    status=0
    frontdesk "$@" </dev/null || status=$?
    case $status in
    0) return 0 ;;
    4) return 1 ;;
    *) exit "$status" ;;
    esac
}

# Makes a change, and prints only what went wrong.
change() {
    frontdesk --quiet "$@" >"$files/answer" </dev/null
}

# Adds an organisation. Exit code 5 says that its code is in use, so that it is there. This comes first
# because only a change makes a database that is not there yet: nothing could be asked of it before.
organisation() {
    status=0
    change org add --code "$1" --name "$2" 2>"$files/errors" || status=$?
    case $status in
    0 | 5) ;;
    *)
        cat "$files/errors" >&2
        exit "$status"
        ;;
    esac
}

support() {
    change users add --if-not-exists --first-name "$1" --last-name "$2" --email "$3"
}

# Imports a file, once it is known that every row of it is right.
import() {
    change "$@" --dry-run
    change "$@" --yes
}

organisation N17 'Northern Training'
organisation S20 'Southern Training'
organisation W31 'Western Teacher Partnership'

support Ann Abel ann.abel@education.gov.uk
support Ravi Banerjee ravi.banerjee@education.gov.uk
support Zoë Carter zoe.carter@education.gov.uk
support Siân Davies sian.davies@digital.education.gov.uk

cat >"$files/support.csv" <<'END'
first_name,last_name,email
Kofi,Mensah,kofi.mensah@education.gov.uk
Marta,Nowak,marta.nowak@education.gov.uk
Aoife,O’Connor,aoife.oconnor@education.gov.uk
Lars,van der Berg,lars.vanderberg@digital.education.gov.uk
END
import users import "$files/support.csv"

# An organisation's users, each with the organisation's code.
while IFS=, read -r code first last email; do
    ask org has-user "$code" "$email" ||
        change org add-user "$code" --if-not-exists --first-name="$first" --last-name="$last" --email="$email"
done <<'END'
N17,Bo,Baker,bo.baker@north.example.com
N17,Chidi,Eze,chidi.eze@north.example.com
N17,Dilys,Evans,dilys.evans@north.example.com
N17,Elif,Yilmaz,elif.yilmaz@north.example.com
N17,Femi,Adeyemi,femi.adeyemi@north.example.com
N17,Grace,Holt,grace.holt@north.example.com
N17,Hana,Novák,hana.novak@north.example.com
N17,Ines,García López,ines.garcia@north.example.com
S20,Jo,Reed,jo.reed@south.example.com
S20,Kate,Lund,kate.lund@south.example.com
S20,Liam,O’Brien-Smith,liam.obrien@south.example.com
S20,Mina,Park,mina.park@south.example.com
S20,Noor,Hussain,noor.hussain@south.example.com
S20,Olu,Bankole,olu.bankole@south.example.com
S20,Priya,Shah,priya.shah@south.example.com
S20,Quentin,Roy,quentin.roy@south.example.com
W31,Rosa,Marín,rosa.marin@west.example.com
W31,Seán,Murphy,sean.murphy@west.example.com
W31,Tara,Singh,tara.singh@west.example.com
W31,Uma,Patel,uma.patel@west.example.com
W31,Vera,Kovač,vera.kovac@west.example.com
W31,Will,Young,will.young@west.example.com
S20,Grace,Holt,grace.holt@north.example.com
END

# Those who came by the spreadsheet; Jo Reed of Southern Training works for Western too.
cat >"$files/organisation-users.csv" <<'END'
organisation_code,first_name,last_name,email
N17,Xavier,Stone,xavier.stone@north.example.com
N17,Yusuf,Khan,yusuf.khan@north.example.com
N17,Zara,Ali,zara.ali@north.example.com
S20,Amir,Rahimi,amir.rahimi@south.example.com
S20,Beth,Cole,beth.cole@south.example.com
S20,Carys,Bevan,carys.bevan@south.example.com
S20,Dora,Weiss,dora.weiss@south.example.com
W31,Emil,Berg,emil.berg@west.example.com
W31,Fay,"Grant, MBE",fay.grant@west.example.com
W31,Gus,Ford,gus.ford@west.example.com
W31,Jo,Reed,jo.reed@south.example.com
END
import org import-users "$files/organisation-users.csv"

# Imports queue their invitations; this sends what is queued, and fails if anything is left.
change emails send

# Everybody is there now, or the script fails.
for email in ann.abel@education.gov.uk kofi.mensah@education.gov.uk; do
    ask users exists "$email"
done
ask org has-user N17 grace.holt@north.example.com
ask org has-user S20 grace.holt@north.example.com
ask org has-user W31 jo.reed@south.example.com

frontdesk org list --format csv --fields code,name,users
