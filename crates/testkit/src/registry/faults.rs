/// What goes wrong with one answer.
#[derive(Clone, Debug)]
pub enum Fault {
    /// This status with these headers and an empty list of errors.
    Status(u16, Vec<(String, String)>),
    /// This status with this body.
    Error(u16, String),
    /// The connection is closed without an answer.
    Close,
    /// The connection is closed after that many bytes of the body.
    Truncate(usize),
    /// Other bytes than those asked for.
    Replace(Vec<u8>),
    /// Besides, these headers; they stand for others with the same name.
    Header(String, String),
    /// Leads to another address.
    Redirect(String),
    /// A body without an end.
    Endless,
    /// No answer, until the client gives up.
    Silence,
    /// The start of an answer, and nothing more until the client gives up.
    Stall,
}

/// When what goes wrong.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    pub(super) planned: Vec<Planned>,
}

#[derive(Clone, Debug)]
pub(super) struct Planned {
    part: String,
    fault: Fault,
    left: usize,
}

impl Faults {
    /// Nothing goes wrong.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Lets the next `times` requests whose method and path with its query hold `part` go wrong.
    #[must_use]
    pub fn on(mut self, part: &str, fault: Fault, times: usize) -> Self {
        self.planned.push(Planned { part: part.to_owned(), fault, left: times });
        self
    }

    /// As [`Faults::on`], for a status and one header.
    #[must_use]
    pub fn status(self, part: &str, status: u16, header: (&str, &str), times: usize) -> Self {
        let headers = vec![(header.0.to_owned(), header.1.to_owned())];
        self.on(part, Fault::Status(status, headers), times)
    }

    /// What goes wrong now: the first that is planned and not used up.
    pub(super) fn take(&mut self, line: &str) -> Option<Fault> {
        let due = |one: &&mut Planned| one.left > 0 && line.contains(&one.part);
        let planned = self.planned.iter_mut().find(due)?;
        planned.left -= 1;
        Some(planned.fault.clone())
    }
}
