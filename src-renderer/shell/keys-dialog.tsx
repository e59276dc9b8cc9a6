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
      ['F6, Shift+F6', 'To the next or previous part of the window'],
      ['Ctrl+,', 'Settings'],
      ['Ctrl+Plus, Ctrl+-, Ctrl+0', 'Larger, smaller, as before'],
      ['F1 or ?', 'These keys'],
    ],
  },
  {
    title: 'In lists',
    keys: [
      ['Up, Down, Home, End', 'Move'],
      ['Enter', 'Open: on to what it shows'],
      ['Left, Right', 'Fold and unfold; to the list before or after'],
      ['Ctrl+Enter', 'Restore'],
      ['Shift+F10', 'What can be done with a project'],
      ['Escape', 'Close, or back to where Enter came from'],
    ],
  },
  {
    title: 'In the history',
    keys: [
      ['n', 'Give the moment a name'],
      ['u', 'Undo all of the moment'],
    ],
  },
  {
    title: 'On the bar of time',
    keys: [
      ['Left, Right', 'Look at an earlier or later part; with Shift: at more of it'],
      ['Page Up, Page Down', 'The same in longer steps'],
      ['Plus, -', 'Closer, farther'],
      ['Escape', 'All of the time again'],
    ],
  },
  {
    title: 'In a comparison',
    keys: [
      ['n, p or Alt+Down, Alt+Up', 'Next and previous change'],
      ['[, ]', 'Older and newer version'],
    ],
  },
] as const

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog wide title="Keys" onClose={onClose}>
      <div className="keys-groups">
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
      </div>
      <p className="mute">Keys that are single letters can be turned off: Settings, General.</p>
    </Dialog>
  )
}
