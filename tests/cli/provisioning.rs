//! A desk set up by a script that was written from the README and the manual pages alone, run twice:
//! the second time it finds everything done.

use std::collections::BTreeMap;
use std::fs;

use crate::desk::{Desk, Ran, files_in, ran};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/provision.sh");

const ORGANISATIONS: &str = "code,name,users\r\n\
    N17,Northern Training,11\r\n\
    S20,Southern Training,13\r\n\
    W31,Western Teacher Partnership,10\r\n";

const SUPPORT: &str = "first_name,last_name,email\r\n\
    Ann,Abel,ann.abel@education.gov.uk\r\n\
    Aoife,O’Connor,aoife.oconnor@education.gov.uk\r\n\
    Kofi,Mensah,kofi.mensah@education.gov.uk\r\n\
    Lars,van der Berg,lars.vanderberg@digital.education.gov.uk\r\n\
    Marta,Nowak,marta.nowak@education.gov.uk\r\n\
    Ravi,Banerjee,ravi.banerjee@education.gov.uk\r\n\
    Siân,Davies,sian.davies@digital.education.gov.uk\r\n\
    Zoë,Carter,zoe.carter@education.gov.uk\r\n";

const MEMBERS: &str = "organisation_code,first_name,last_name,email\r\n\
    N17,Bo,Baker,bo.baker@north.example.com\r\n\
    N17,Chidi,Eze,chidi.eze@north.example.com\r\n\
    N17,Dilys,Evans,dilys.evans@north.example.com\r\n\
    N17,Elif,Yilmaz,elif.yilmaz@north.example.com\r\n\
    N17,Femi,Adeyemi,femi.adeyemi@north.example.com\r\n\
    N17,Grace,Holt,grace.holt@north.example.com\r\n\
    N17,Hana,Novák,hana.novak@north.example.com\r\n\
    N17,Ines,García López,ines.garcia@north.example.com\r\n\
    N17,Xavier,Stone,xavier.stone@north.example.com\r\n\
    N17,Yusuf,Khan,yusuf.khan@north.example.com\r\n\
    N17,Zara,Ali,zara.ali@north.example.com\r\n\
    S20,Amir,Rahimi,amir.rahimi@south.example.com\r\n\
    S20,Beth,Cole,beth.cole@south.example.com\r\n\
    S20,Carys,Bevan,carys.bevan@south.example.com\r\n\
    S20,Dora,Weiss,dora.weiss@south.example.com\r\n\
    S20,Grace,Holt,grace.holt@north.example.com\r\n\
    S20,Jo,Reed,jo.reed@south.example.com\r\n\
    S20,Kate,Lund,kate.lund@south.example.com\r\n\
    S20,Liam,O’Brien-Smith,liam.obrien@south.example.com\r\n\
    S20,Mina,Park,mina.park@south.example.com\r\n\
    S20,Noor,Hussain,noor.hussain@south.example.com\r\n\
    S20,Olu,Bankole,olu.bankole@south.example.com\r\n\
    S20,Priya,Shah,priya.shah@south.example.com\r\n\
    S20,Quentin,Roy,quentin.roy@south.example.com\r\n\
    W31,Emil,Berg,emil.berg@west.example.com\r\n\
    W31,Fay,\"Grant, MBE\",fay.grant@west.example.com\r\n\
    W31,Gus,Ford,gus.ford@west.example.com\r\n\
    W31,Jo,Reed,jo.reed@south.example.com\r\n\
    W31,Rosa,Marín,rosa.marin@west.example.com\r\n\
    W31,Seán,Murphy,sean.murphy@west.example.com\r\n\
    W31,Tara,Singh,tara.singh@west.example.com\r\n\
    W31,Uma,Patel,uma.patel@west.example.com\r\n\
    W31,Vera,Kovač,vera.kovac@west.example.com\r\n\
    W31,Will,Young,will.young@west.example.com\r\n";

/// Who belongs to two organisations, and has a letter about each.
const TWICE: [&str; 2] = ["Grace Holt <grace.holt@north.example.com>", "Jo Reed <jo.reed@south.example.com>"];

/// Runs the script. Its many commands share an environment, in which fixed ids would repeat.
fn provision(desk: &Desk, variables: &[(&str, &str)]) -> Ran {
    let mut command = desk.command_of(&["/bin/sh", SCRIPT]);
    command.env_remove("FRONTDESK_TEST_IDS").env("TMPDIR", desk.path("")).envs(variables.iter().copied());
    desk.read(&command.output().unwrap())
}

/// Everything that the desk answers about itself, with ids, times and revisions.
fn content(desk: &Desk) -> Vec<String> {
    [
        "users export",
        "users list --format json",
        "org list --format json",
        "org export-users",
        "org users N17 --format json",
        "org users S20 --format json",
        "org users W31 --format json",
        "activity list --format json --all",
        "emails list --format json --all",
    ]
    .map(|line| desk.done(&line.split(' ').collect::<Vec<_>>()))
    .into()
}

/// Each file of an email with what it holds.
fn email_files(desk: &Desk) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
    desk.email_files().into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

#[test]
fn a_script_sets_up_a_whole_desk_and_run_again_changes_and_sends_nothing() {
    let desk = Desk::of("publish");
    assert_eq!(provision(&desk, &[]), ran(0, ORGANISATIONS, ""));

    assert_eq!(desk.line("org list --format csv --fields code,name,users"), ran(0, ORGANISATIONS, ""));
    assert_eq!(desk.line("users export"), ran(0, SUPPORT, ""));
    assert_eq!(desk.line("org export-users"), ran(0, MEMBERS, ""));
    let people = (desk.count("SELECT count(*) FROM users"), desk.count("SELECT count(*) FROM organisation_users"));
    assert_eq!(people, (8, 32));

    let mut letters = BTreeMap::<String, usize>::new();
    for letter in desk.letters() {
        assert_eq!(letter.subject, "Invitation to join Publish teacher training courses");
        *letters.entry(letter.to).or_default() += 1;
    }
    assert_eq!(letters.len(), 40);
    assert!(letters.iter().all(|(to, count)| *count == if TWICE.contains(&to.as_str()) { 2 } else { 1 }), "{letters:?}");
    assert_eq!(desk.done(&["emails", "list", "--status", "sent", "--format", "ids"]).lines().count(), 42);

    let (before, rows, files) = (content(&desk), desk.rows(), email_files(&desk));
    desk.at("2026-01-05T09:00:00Z");
    assert_eq!(provision(&desk, &[]), ran(0, ORGANISATIONS, ""));
    assert_eq!(content(&desk), before);
    assert_eq!(desk.rows(), rows);
    assert_eq!(email_files(&desk), files);
    // Nor does the script leave its own files behind.
    assert_eq!(files_in(&desk.path("")), [desk.path(".local")]);
}

#[test]
fn a_provisioning_that_was_cut_short_is_completed_and_nobody_hears_twice() {
    let desk = Desk::of("publish");
    desk.add_organisation("n17", "Northern Training");
    desk.add_member("N17", "Grace", "Holt", "grace.holt@north.example.com");
    desk.add("Marta", "Nowak", "marta.nowak@education.gov.uk");
    assert_eq!(provision(&desk, &[]).code, 0);
    let exported = MEMBERS.replace("N17", "n17");
    assert_eq!((desk.line("users export").out, desk.line("org export-users").out), (SUPPORT.to_owned(), exported));
    assert_eq!(desk.letters().len(), 42);
}

#[test]
fn a_provisioning_stops_at_what_it_was_not_told_to_expect() {
    let desk = Desk::of("publish");
    let unauthorised = "Error: Your account is not authorised\n\
        FRONTDESK_AS says that you are nobody@education.gov.uk, and this service has no active user yet. \
        Add the first one as nobody: without --as, FRONTDESK_AS and ‘actor’ in the configuration file.\n";
    assert_eq!(provision(&desk, &[("FRONTDESK_AS", "nobody@education.gov.uk")]), ran(6, "", unauthorised));
    let elsewhere = desk.path("desks/publish.db");
    let elsewhere = elsewhere.to_str().unwrap();
    fs::create_dir(desk.path("desks")).unwrap();
    for _ in 0..2 {
        assert_eq!(provision(&desk, &[("FRONTDESK_DATABASE", elsewhere)]).code, 0);
    }
    assert_eq!(files_in(&desk.path("desks/emails")).len(), 42);
}
