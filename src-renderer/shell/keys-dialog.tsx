import { Dialog } from '../ui/dialog.tsx'
import './keys-dialog.css'

const groups = [
  {
    title: 'Everywhere',
    keys: [
      ['Ctrl+K', 'Find anything: file, moment, seal name, project, command'],
      ['Ctrl+F', 'Search names and past text'],
      ['Ctrl+Z', 'Take the last restore back (outside text fields)'],
      ['Alt+Left, Alt+Right', 'Back and forward'],
      ['Ctrl+,', 'Settings'],
      ['?', 'These keys'],
    ],
  },
  {
    title: 'In lists',
    keys: [
      ['Up, Down, Home, End', 'Move'],
      ['Enter', 'Open'],
      ['Ctrl+Enter', 'Restore'],
      ['Escape', 'Close, or back to the search field'],
    ],
  },
] as const

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      {groups.map(({ title, keys }) => (
        <section key={title} className="keys">
          <h3>{title}</h3>
          <dl>
            {keys.map(([key, meaning]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}
