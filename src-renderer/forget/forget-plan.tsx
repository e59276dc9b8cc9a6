import type { Result } from '../../src-preload/contract.ts'
import { counted, size } from '../ui/count.ts'
import { pastTime, wholeTime } from '../ui/time.ts'
import { visible } from '../ui/visible.ts'

type Plan = Result<'history.forget'>

/** Versions of each kind that are listed. */
const SHOWN = 50

/** What would go, with what else, what stays and why, and what is left of it all the same. */
export function ForgetPlan({ plan: { goes, also, stays, already, bytes, warnings } }: { readonly plan: Plan }) {
  return (
    <div className="forget-plan">
      {goes.length > 0 ? (
        <Versions
          title={`${counted(goes.length, 'version goes', 'versions go')} for good, ${size(bytes)}`}
          versions={goes}
        />
      ) : (
        <p>
          <b>Nothing can be forgotten here.</b>
        </p>
      )}
      {also.length > 0 && <Versions title="With them, since they have the same content" versions={also} />}
      {stays.length > 0 && (
        <Versions
          title="These stay, since a file has their content now: change or delete it first"
          versions={stays.map((one) => ({ ...one, path: one.heldBy }))}
        />
      )}
      {already > 0 && (
        <p className="mute">{counted(already, 'version of it was', 'versions of it were')} forgotten already.</p>
      )}
      {goes.length > 0 && (
        <>
          <p>
            History still says that there were such versions. Seals and proofs stay good and say
            &ldquo;forgotten&rdquo;: they keep address, size and name, and from an address a short or guessable secret
            can be found by trying. So change a password that was saved.
          </p>
          <p>Backups, exports and other copies are not touched. This cannot be taken back.</p>
        </>
      )}
      {warnings.map((warning) => (
        <p key={warning} className="field-error">
          {visible(warning)}
        </p>
      ))}
    </div>
  )
}

interface VersionsProps {
  readonly title: string
  readonly versions: Plan['goes']
}

function Versions({ title, versions }: VersionsProps) {
  return (
    <section>
      <h3>{title}</h3>
      <ul aria-label={title}>
        {versions.slice(0, SHOWN).map(({ path, version, time, hash, size: bytes }) => (
          <li key={`${path} ${version} ${hash}`}>
            <span className="clip mono">{visible(path)}</span>
            <span className="mute">version {version}</span>
            <time className="mute" dateTime={time} title={wholeTime(time)}>
              {pastTime(time)}
            </time>
            <span className="mute figure">{size(bytes)}</span>
          </li>
        ))}
        {versions.length > SHOWN && <li className="mute">and {counted(versions.length - SHOWN, 'other')}</li>}
      </ul>
    </section>
  )
}
