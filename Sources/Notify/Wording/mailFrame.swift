/// The look of every mail, from its style to the column in which its text stands: one column, sizes of 16 px
/// and more, colours that hold in light and dark.
let mailTop = """
  <style>
  :root { color-scheme: light dark; }
  @media (prefers-color-scheme: dark) {
    .page { background: #16181c !important; color: #f2f2f2 !important; }
    .quiet { color: #cccccc !important; }
    .link { color: #9ecbff !important; }
    .item { border-color: #6b7280 !important; }
  }
  </style>
  </head>
  <body class="page" style="margin: 0; padding: 0; background: #ffffff; color: #1a1a1a;">
  <table role="presentation" style="width: 100%; border-collapse: collapse; border: 0;">
  <tr>
  <td class="page" style="padding: 16px; background: #ffffff; color: #1a1a1a;">
  <table role="presentation" style="width: 100%; max-width: 600px; margin: 0 auto;
  border-collapse: collapse; border: 0;">
  <tr>
  <td style="padding: 0; text-align: left; font-family: Arial, Helvetica, sans-serif; font-size: 17px;
  line-height: 1.5;">
  <div role="main" lang="en">
  """

/// What closes ``mailTop``.
let mailFoot = """
  </div>
  </td>
  </tr>
  </table>
  </td>
  </tr>
  </table>
  </body>
  </html>
  """
