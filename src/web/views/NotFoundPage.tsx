/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { PlainPage } from './shell/PlainPage'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <PlainPage icon="search" title={t('not-found.title')} text={t('not-found.text')}>
      <Link className="btn primary lg" to="/">
        {t('back-home')}
      </Link>
    </PlainPage>
  )
}
