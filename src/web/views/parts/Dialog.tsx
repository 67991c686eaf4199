/* SPDX-License-Identifier: LGPL-2.1-or-later */
import type { FormEvent, ReactNode } from 'react'
import { useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from './Icon'

interface DialogProps {
  title: string
  text?: string
  width?: number
  children?: ReactNode
  foot?: ReactNode
  onClose: () => void
  onSubmit?: () => void
}

/** Modal, over everything: the browser's own dialog keeps the focus inside and Esc closes it. */
export function Dialog({ title, text, width, children, foot, onClose, onSubmit }: DialogProps) {
  const { t } = useTranslation()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)

  /* Left alone the browser would focus the cross, the one thing nobody opened the dialog for, and afterwards nothing. */
  useEffect(() => {
    const element = dialog.current!
    const opener = document.activeElement
    element.showModal()
    const first =
      element.querySelector<HTMLElement>('input:checked') ??
      element.querySelector<HTMLElement>('.dbody :is(input, select, button), .dfoot :is(.primary, .live)')
    first?.focus()
    return () => {
      if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus()
    }
  }, [])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit?.()
  }

  return (
    <dialog
      ref={dialog}
      className="scrim"
      aria-labelledby={id}
      onClose={onClose}
      onMouseDown={(event) => event.target === dialog.current && onClose()}
    >
      <form className="dialog glass" style={width ? { width: `min(${width}px, 100%)` } : undefined} onSubmit={submit}>
        <div className="dhead">
          <span className="grow">
            <h2 id={id} className="text-xl">
              {title}
            </h2>
            {text && <p className="t2">{text}</p>}
          </span>
          <button type="button" className="btn quiet icon" aria-label={t('close')} onClick={onClose}>
            <Icon name="x" />
          </button>
        </div>
        {children && <div className="dbody">{children}</div>}
        {foot && <div className="dfoot">{foot}</div>}
      </form>
    </dialog>
  )
}

interface ConfirmProps {
  title: string
  text: string
  action: string
  children?: ReactNode
  onConfirm: () => void
  onClose: () => void
}

/** Asks once before something that cannot be undone. */
export function Confirm({ title, text, action, children, onConfirm, onClose }: ConfirmProps) {
  const { t } = useTranslation()
  const confirm = () => {
    onConfirm()
    onClose()
  }
  return (
    <Dialog
      title={title}
      text={text}
      onClose={onClose}
      onSubmit={confirm}
      foot={
        <>
          <span className="grow" />
          <button type="button" className="btn quiet" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className="btn live">
            {action}
          </button>
        </>
      }
    >
      {children}
    </Dialog>
  )
}
