// Ties the forms for passkeys to allauth's own script, without a script inside the page: our policy allows none.
document.addEventListener('DOMContentLoaded', () => {
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const { passkey, button, credential, passwordless, options } = form.dataset
    const ids = { credential, data: options, passwordless, login: button, authenticate: button, add: button }
    window.allauth.webauthn.forms[passkey]({ ids })
    form.hidden = false
  }
})
document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  document.getElementById('passkey-problem').hidden = false
})
