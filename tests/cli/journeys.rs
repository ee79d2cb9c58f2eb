//! x
use crate::desk::Desk;
use crate::terminal::*;

#[test]
fn look() {
    for columns in [80, 40] {
        let desk = Desk::new();
        let mut terminal = Setting::at(&desk).columns(columns).run(&["users"]);
        terminal.wait_for("Leave");
        println!("{}\n=====", terminal.screen());
        terminal.choose("Choose a user, or what to do", "Add user");
        terminal.answer("First name", "");
        terminal.wait_for("Enter first name");
        println!("{}\n=====", terminal.screen());
        terminal.correct("Enter first name", "Ann");
        terminal.answer("Last name", "Abel");
        terminal.answer("Email address", "ann@gmail.com");
        terminal.wait_for("like name@education.gov.uk");
        println!("{}\n=====", terminal.screen());
        terminal.correct("like name@education.gov.uk", "ann@education.gov.uk");
        terminal.choose("Is the account an API user?", "No");
        terminal.select("What do you want to do?", "Save");
        println!("{}\n=====", terminal.screen());
        terminal.type_keys(ENTER);
        terminal.select("Choose a user, or what to do", "Ann Abel");
        println!("{}\n=====", terminal.screen());
        terminal.type_keys(ENTER);
        terminal.select("What do you want to do?", "Delete");
        println!("{}\n=====", terminal.screen());
        terminal.type_keys(ENTER);
        terminal.select("Do you want to delete Ann Abel?", "No");
        println!("{}\n=====", terminal.screen());
        terminal.type_keys(ESCAPE);
        terminal.choose("What do you want to do?", "Change: First name");
        terminal.correct("First name", "Anne");
        terminal.select("What do you want to do?", "Save");
        println!("{}\n=====", terminal.screen());
        terminal.type_keys(CTRL_C);
        println!("exit {}", terminal.finish());
        println!("{}\n=====", terminal.screen());
    }
}
