import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { startStores } from './state/start.ts'
import { prepareDiffThread } from './version/diff/diff-thread.ts'
import './ui/tokens.css'
import './ui/base.css'
import './ui/contrast.css'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no root.')
startStores()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
prepareDiffThread()
