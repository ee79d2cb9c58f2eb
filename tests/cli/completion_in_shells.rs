//! Pressing Tab in the real shells.

use crate::desk::Desk;
use crate::outside::needs;
use crate::terminal::{CTRL_U, Setting, Terminal};

const TAB: &str = "\t";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.add("Alan", "Abel", "alan@education.gov.uk");
    desk.add("Alice", "Adams", "alice@education.gov.uk");
    desk.add("Sean", "O’Brien", "o'brien@education.gov.uk");
    desk.add_organisation("ALPHA", "Alpha: the School");
    desk.add_member("ALPHA", "Jo", "Reed", "jo@example.com");
    desk.done(&["--service", "claim", "users", "add", "--first-name=Cy", "--last-name=Cole", "--email=cy@education.gov.uk"]);
    std::fs::write(desk.path("people.csv"), "").unwrap();
    std::fs::create_dir(desk.path("inbox")).unwrap();
    desk.configure("[services.staging]\nkind = \"claim\"\ndatabase = \"elsewhere.db\"\n");
    desk
}

/// A shell that has just been taught to complete.
fn shell(desk: &Desk, program: &[&str], lesson: &str) -> Terminal {
    let mut terminal = Setting::at(desk).columns(120).with("LANG", "C.UTF-8").with("PS1", "$ ").run_other(program);
    terminal.type_keys(&format!("{lesson}; echo re''ady\r"));
    terminal.wait_for("ready");
    terminal
}

/// bash keeps variables that are set before the name of the command to itself.
const WITH_A_VARIABLE: (&str, &str) =
    ("FRONTDESK_SERVICE=claim frontdesk users show c", "FRONTDESK_SERVICE=claim frontdesk users show cy@education.gov.uk");

/// What is typed, and the line that Tab makes of it.
const COMPLETED: [(&str, &str); 15] = [
    ("frontdesk us", "frontdesk users"),
    ("frontdesk org remove-u", "frontdesk org remove-user"),
    ("frontdesk users list --sig", "frontdesk users list --signed-in"),
    ("frontdesk users list --signed-in y", "frontdesk users list --signed-in yes"),
    ("frontdesk users show alic", "frontdesk users show alice@education.gov.uk"),
    ("frontdesk users show alice@", "frontdesk users show alice@education.gov.uk"),
    ("frontdesk users show alice@ed", "frontdesk users show alice@education.gov.uk"),
    ("frontdesk --as=alice@ed", "frontdesk --as=alice@education.gov.uk"),
    ("frontdesk users show \"alice@ed", "frontdesk users show \"alice@education.gov.uk\""),
    ("frontdesk users show o", "frontdesk users show o\\'brien@education.gov.uk"),
    ("frontdesk users list --fields id,em", "frontdesk users list --fields id,email"),
    ("frontdesk --service st", "frontdesk --service staging"),
    ("frontdesk org remove-user ALPHA j", "frontdesk org remove-user ALPHA jo@example.com"),
    ("frontdesk users import ~/people", "frontdesk users import ~/people.csv"),
    ("frontdesk users import ~/in", "frontdesk users import ~/inbox/"),
];

fn assert_completes(mut terminal: Terminal, more: &[(&str, &str)], listed: &str) {
    for (typed, line) in COMPLETED.iter().chain(more) {
        terminal.type_keys(&format!("{CTRL_U}{typed}{TAB}"));
        terminal.wait_for(line);
    }
    // A code in small letters.
    terminal.type_keys(&format!("{CTRL_U}frontdesk org show alp{TAB}"));
    terminal.wait_for("ALPHA");
    terminal.type_keys(&format!("{CTRL_U}frontdesk users show al{TAB}{TAB}"));
    terminal.wait_for(listed);
    // Of a database that cannot be used nothing is offered and nothing said: the next letter follows the last.
    terminal.type_keys(&format!("{CTRL_U}frontdesk --database /dev/null users show al{TAB}x"));
    terminal.wait_for("frontdesk --database /dev/null users show alx");
    let printed = terminal.fresh();
    assert!(!printed.contains("Error") && !printed.contains("panick"), "{printed}");
    terminal.type_keys(&format!("{CTRL_U}exit\r"));
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn bash_completes_after_an_at_sign_too() {
    if !needs("bash") {
        return;
    }
    let desk = desk();
    let terminal = shell(&desk, &["/bin/bash", "--norc", "--noprofile", "-i"], "source <(frontdesk completions bash)");
    assert_completes(terminal, &[], "alan@education.gov.uk alice@education.gov.uk");
}

#[test]
fn zsh_completes_and_shows_who_it_is() {
    if !needs("zsh") {
        return;
    }
    let desk = desk();
    let lesson = "mkdir zfunc; frontdesk completions zsh > zfunc/_frontdesk; fpath=(~/zfunc $fpath); autoload -Uz compinit; compinit -u -D";
    let terminal = shell(&desk, &["/usr/bin/zsh", "-f", "-i"], lesson);
    assert_completes(terminal, &[WITH_A_VARIABLE], "alan@education.gov.uk -- Alan Abel alice@education.gov.uk -- Alice Adams");
}

#[test]
fn fish_completes_and_shows_who_it_is() {
    if !needs("fish") {
        return;
    }
    let desk = desk();
    // Where this is missing, fish has a program read every manual page of the machine, and that keeps the
    // terminal open after fish has gone.
    std::fs::create_dir_all(desk.path(".local/share/fish/generated_completions")).unwrap();
    let lesson = "mkdir -p ~/.config/fish/completions; frontdesk completions fish > ~/.config/fish/completions/frontdesk.fish";
    let terminal = shell(&desk, &["/usr/bin/fish", "-i"], lesson);
    assert_completes(terminal, &[WITH_A_VARIABLE], "alan@education.gov.uk (Alan Abel) alice@education.gov.uk (Alice Adams)");
}
