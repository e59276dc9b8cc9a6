import { FolderPlus } from 'lucide-react'
import { BrandMark } from '../shell/brand.tsx'
import { addFolder } from '../shell/add-folder.ts'
import { Button } from '../ui/button.tsx'

const steps = [
  {
    title: 'Choose a folder',
    text: 'Drop it on this window, or use the button. The folder itself is only read.',
  },
  {
    title: 'Work in it as always',
    text: 'Ize mounts it where you like. Each save of each program is kept.',
  },
  {
    title: 'Take back anything',
    text: 'A file overwritten, a folder deleted: type its name here, and put back any version with one click.',
  },
]

/** The first start: what there is to know, on one screen. */
export function Welcome() {
  return (
    <div className="welcome">
      <BrandMark size={44} />
      <h1>A folder that remembers everything</h1>
      <ol>
        {steps.map(({ title, text }) => (
          <li key={title}>
            <h2>{title}</h2>
            <p>{text}</p>
          </li>
        ))}
      </ol>
      <Button look="main" icon={<FolderPlus size={16} />} autoFocus onClick={() => void addFolder()}>
        Choose a folder…
      </Button>
    </div>
  )
}
