/// The built-in subject: says how many and where, and nothing that a passer-by may not read.
let digestSubjectTemplate = "{{service}}: {{count}} new in {{area}}"
