/* SPDX-License-Identifier: LGPL-2.1-or-later */
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoom } from '../../../state/room'
import { Empty } from '../../parts/Empty'
import { Icon } from '../../parts/Icon'
import { Video } from '../../parts/Video'
import { useRoomUi } from '../ui'

/** What goes out on air, in the room. Its sound is for those who only watch (Sounds): the others hear each other anyway, and
    earlier, and may go @back. */
export function ProgrammeView({ back }: { back: boolean }) {
  const { t } = useTranslation()
  const title = useRoom((state) => state.show?.title ?? '')
  const programme = useRoom((state) => state.programme)
  const watch = useRoomUi((state) => state.watch)
  const frame = useRef<HTMLElement>(null)

  return (
    <article className="tile share" ref={frame} data-tile="programme" data-kind="programme" aria-label={t('programme.title')}>
      <div className="sharebar">
        <span className="acc row">
          <Icon name="live" />
        </span>
        <b className="cut">{title}</b>
        <span className="grow" />
        {back && (
          <button type="button" className="btn sm" onClick={() => watch(false)}>
            {t('programme.back')}
          </button>
        )}
        <button
          type="button"
          className="btn quiet icon sm"
          aria-label={t('full-screen')}
          title={t('full-screen')}
          onClick={() => void frame.current?.requestFullscreen().catch(() => {})}
        >
          <Icon name="full" size="sm" />
        </button>
      </div>
      <div className="pic">
        {programme ? (
          <Video stream={programme} whole label={t('programme.title')} />
        ) : (
          <Empty icon="live" title={t('programme.coming')} bare heading="h2" />
        )}
      </div>
    </article>
  )
}
